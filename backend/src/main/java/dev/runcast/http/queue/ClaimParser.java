package dev.runcast.http.queue;

import dev.runcast.engine.claim.Claims.Order;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.http.api.request.TimesParser;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.execution.ClaimTable.Terms;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a worker asks for.
 *
 * @param patience how long it would wait for a run; null for not at all
 */
record ClaimParser(
    QueueReference queue,
    int most,
    Duration length,
    @Nullable String worker,
    @Nullable Duration patience) {
  private static final int MOST = 100;
  private static final int MAX_NAME = 128;
  private static final int MAX_WORD = 32;
  private static final Duration USUAL = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  static ClaimParser of(JsonFields fields, String path) {
    Integer most = fields.number("max", 1, MOST);
    return new ClaimParser(
        QueueReference.ofAnyName(path, fields.text("type", MAX_WORD)),
        most == null ? 1 : most,
        length(fields),
        fields.text("worker", MAX_NAME),
        span(fields, "wait", LONGEST_WAIT));
  }

  Order order(EnvironmentId environment, String name, @Nullable String request) {
    return new Order(environment, name, most, new Terms(length, worker, request));
  }

  /** For how long a lease is to be. */
  static Duration length(JsonFields fields) {
    Duration length = span(fields, "for", LONGEST);
    return length == null ? USUAL : length;
  }

  /** Which lease is meant. */
  static String lease(JsonFields fields) {
    String lease = fields.text("lease", MAX_NAME);
    if (lease == null) {
      throw ApiException.badRequest(
          "lease", "lease must be the lease under which you have the run.");
    }
    return lease;
  }

  private static @Nullable Duration span(JsonFields fields, String name, Duration most) {
    String text = fields.text(name, MAX_WORD);
    if (text == null) {
      return null;
    }
    Duration span = TimesParser.span(name, text);
    if (span.isZero() || span.compareTo(most) > 0) {
      throw ApiException.unprocessable(
          name, "%s must be 1s to %ds.".formatted(name, most.toSeconds()));
    }
    return span;
  }
}
