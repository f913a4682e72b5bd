package dev.runcast.http.api.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.engine.debounce.Debounce;
import dev.runcast.http.ApiException;
import dev.runcast.run.TimeSpan;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a trigger says that it is debounced: {@code options.debounce}. */
final class DebounceParser {
  private static final int MAX_KEY = 512;
  private static final int MAX_NAME = 128;
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private DebounceParser() {}

  /**
   * Null when it is not.
   *
   * @param maxTags how many tags a run may have
   */
  static @Nullable Debounce parse(JsonFields options, Instant now, int maxTags) {
    if (options.value("debounce") == null) {
      return null;
    }
    JsonFields debounce = options.fields("debounce");
    String key = key(debounce);
    Duration delay = span(debounce, "delay");
    if (delay == null) {
      throw ApiException.badRequest(
          debounce.name("delay"),
          debounce.name("delay") + " must say how long the run waits, such as 5s or 10m.");
    }
    if (delay.compareTo(SHORTEST) < 0) {
      throw ApiException.unprocessable(
          debounce.name("delay"), debounce.name("delay") + " must be at least 1s.");
    }
    return new Debounce(
        key, now.plus(delay), maxDelay(debounce, delay), trailing(debounce), maxTags);
  }

  private static String key(JsonFields debounce) {
    JsonNode value = debounce.value("key");
    if (value == null || (value.isTextual() && value.textValue().isEmpty())) {
      throw ApiException.badRequest(
          debounce.name("key"),
          "%s must be a string of 1 to %d characters, the same for all that are to be one run."
              .formatted(debounce.name("key"), MAX_KEY));
    }
    String key = debounce.text("key", MAX_KEY);
    return String.valueOf(key);
  }

  private static boolean trailing(JsonFields debounce) {
    String mode = debounce.text("mode", MAX_NAME);
    if (mode == null || mode.equals("leading")) {
      return false;
    }
    if (!mode.equals("trailing")) {
      throw ApiException.unprocessable(
          debounce.name("mode"),
          debounce.name("mode")
              + " must be leading, by which the run keeps what the first trigger brought, or"
              + " trailing, by which it takes what the last one did.");
    }
    return true;
  }

  private static @Nullable Duration maxDelay(JsonFields debounce, Duration delay) {
    Duration maxDelay = span(debounce, "maxDelay");
    if (maxDelay != null && maxDelay.compareTo(delay) <= 0) {
      throw ApiException.unprocessable(
          debounce.name("maxDelay"),
          "%s must be longer than %s, or no trigger could ever push the run on; lengthen it or leave it out."
              .formatted(debounce.name("maxDelay"), debounce.name("delay")));
    }
    return maxDelay;
  }

  private static @Nullable Duration span(JsonFields debounce, String field) {
    String text = debounce.text(field, MAX_NAME);
    return text == null
        ? null
        : TimeSpan.parse(text)
            .orElseThrow(
                () ->
                    ApiException.badRequest(
                        debounce.name(field),
                        debounce.name(field)
                            + " must be a length of time such as 5s, 10m, 1h30m or 7d, of at most"
                            + " 100 years; it can't be a date, for it counts anew with each"
                            + " trigger."));
  }
}
