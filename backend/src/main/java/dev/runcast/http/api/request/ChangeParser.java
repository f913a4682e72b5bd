package dev.runcast.http.api.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.engine.Limits;
import dev.runcast.engine.RunChange;
import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.json.JsonText;
import dev.runcast.run.RunStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Bodies that change a run. */
public final class ChangeParser {
  private static final int MAX_NAME = 128;

  /** Names that the API shows for several statuses, and which of them a worker means. */
  private static final Map<String, RunStatus> SHORT_NAMES =
      Map.of(
          "QUEUED", RunStatus.PENDING,
          "WAITING", RunStatus.WAITING_TO_RESUME,
          "COMPLETED", RunStatus.COMPLETED_SUCCESSFULLY,
          "FAILED", RunStatus.COMPLETED_WITH_ERRORS);

  private static final Map<String, RunStatus> STORED_NAMES =
      Arrays.stream(RunStatus.values())
          .filter(status -> status != RunStatus.DELETED)
          .collect(Collectors.toUnmodifiableMap(RunStatus::name, status -> status));

  private final Limits limits;
  private final PacketParser packets;
  private final InstantSource clock;

  public ChangeParser(Limits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
    this.packets = new PacketParser(limits.payloadBytes(), new JsonText(limits.depth()));
  }

  /**
   * What a worker tells: {@code status}, {@code output} (and {@code outputType}), {@code error},
   * {@code tags}, and metadata as in {@link #metadata}. A null output takes it away.
   *
   * @param ifMatch the header of that name; null when there is none
   */
  public RunChange worker(JsonFields body, @Nullable String ifMatch) {
    RunChange change =
        new RunChange(
            version(ifMatch),
            status(body),
            body.has("output") ? Optional.of(output(body)) : Optional.empty(),
            error(body),
            OperationsParser.parse(body),
            TriggerParser.checkedTags(body, limits));
    if (change.isEmpty()) {
      throw ApiException.badRequest(
          "body",
          "The body changes nothing; give at least one of status, output, error, metadata,"
              + " operations and tags.");
    }
    return change;
  }

  /** Operations on the metadata of the run, its parent and its root. */
  public RunChange metadata(JsonFields body) {
    RunChange change = RunChange.ofMetadata(OperationsParser.parse(body));
    if (change.isEmpty() && body.value("operations") == null) {
      throw ApiException.badRequest(
          "operations",
          "The body changes no metadata; give operations, parentOperations, rootOperations or a"
              + " whole metadata object.");
    }
    return change;
  }

  /** The same as the end of an attempt tells it: perhaps nothing. */
  public RunChange.Metadata flushed(JsonFields body) {
    return OperationsParser.parse(body);
  }

  /** Why a run failed, as it is stored. */
  public String errorText(JsonNode error) {
    return checked(ErrorParser.parse(error));
  }

  /** Tags to add; at least one. */
  public RunChange tags(JsonFields body) {
    List<String> tags = TriggerParser.checkedTags(body, limits);
    if (tags.isEmpty()) {
      throw ApiException.badRequest("tags", "tags must be a string or an array of strings.");
    }
    return RunChange.ofTags(tags);
  }

  /** The time to which a delayed run is put off. */
  public Instant delay(JsonFields body) {
    String text = body.text("delay", MAX_NAME);
    if (text == null) {
      throw ApiException.badRequest(
          "delay", "delay must be a length of time such as 1h30m, or a date of ISO 8601.");
    }
    return TimesParser.time("delay", text, clock.instant());
  }

  /** A number in quotes, as an answer's ETag gives it; without them too. Any version for a star. */
  private static @Nullable Long version(@Nullable String ifMatch) {
    if (ifMatch == null || ifMatch.trim().equals("*")) {
      return null;
    }
    String text = ifMatch.trim();
    if (text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")) {
      text = text.substring(1, text.length() - 1);
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw ApiException.badRequest(
          "if-match",
          "The header If-Match must be the run's version, as the ETag of an answer gives it.");
    }
    return Long.parseLong(text);
  }

  private static @Nullable RunStatus status(JsonFields body) {
    String text = body.text("status", MAX_NAME);
    if (text == null) {
      return null;
    }
    String name = text.toUpperCase(Locale.ROOT);
    RunStatus status = SHORT_NAMES.getOrDefault(name, STORED_NAMES.get(name));
    if (status == null) {
      throw ApiException.unprocessable(
          "status",
          "status must be one of "
              + String.join(", ", new TreeSet<>(STORED_NAMES.keySet()))
              + "; or, for short, one of "
              + String.join(", ", new TreeSet<>(SHORT_NAMES.keySet()))
              + ".");
    }
    return status;
  }

  private RunChange.Output output(JsonFields body) {
    PacketParser.Parsed output = packets.parse(body, "output", body, "outputType");
    return new RunChange.Output(output.text(), output.text() == null ? null : output.type());
  }

  private Optional<String> error(JsonFields body) {
    JsonNode error = body.value("error");
    if (error == null) {
      return Optional.empty();
    }
    return Optional.of(errorText(error));
  }

  private String checked(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > limits.payloadBytes()) {
      throw new ApiException(
          ApiError.TOO_LARGE,
          "error has %d bytes, over the limit of %d; shorten it."
              .formatted(bytes, limits.payloadBytes()),
          "error");
    }
    return text;
  }
}
