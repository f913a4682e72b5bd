package dev.runcast.http.api.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.engine.Limits;
import dev.runcast.engine.TriggerOrder;
import dev.runcast.engine.debounce.Debounce;
import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.json.JsonText;
import dev.runcast.json.UnreadableJsonException;
import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.table.NewRun;
import dev.runcast.store.table.UsedTokens.OneTimeToken;
import dev.runcast.wire.Packet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Bodies that trigger a run: one alone, and each item of a batch. */
public final class TriggerParser {
  private static final int MAX_TASK = 256;
  private static final int MAX_NAME = 128;
  private static final int MAX_KEY = 2048;
  static final Duration KEY_LIFE = Duration.ofDays(30);
  private static final Set<String> MACHINES =
      Set.of("micro", "small-1x", "small-2x", "medium-1x", "medium-2x", "large-1x", "large-2x");

  /** Options that have a column of their own that keeps them as they were sent. */
  private static final List<String> APART = List.of("metadata", "metadataType");

  private final Limits limits;
  private final PacketParser packets;
  private final JsonText json;
  private final InstantSource clock;
  private final Supplier<RunId> newId;

  /** New runs have their ids from {@code newId}. */
  public TriggerParser(Limits limits, InstantSource clock, Supplier<RunId> newId) {
    this.limits = limits;
    this.json = new JsonText(limits.depth());
    this.packets = new PacketParser(limits.payloadBytes(), json);
    this.clock = clock;
    this.newId = newId;
  }

  /**
   * What stands beside the body.
   *
   * @param token the one-time token that the request uses up; null for none
   * @param key of the header {@code idempotency-key}, which the body's own goes before
   * @param keyLife of the header {@code idempotency-key-ttl}
   */
  public record Beside(
      EnvironmentId environment,
      @Nullable OneTimeToken token,
      @Nullable String key,
      @Nullable String keyLife) {}

  /** The run that a body asks for. */
  public TriggerOrder parse(String task, JsonFields body, Beside beside) {
    requireTask(task);
    JsonFields options = body.fields("options");
    // As finely as the database keeps it, or what is due and its run would differ by a rounding.
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Debounce debounce = DebounceParser.parse(options, now, limits.tags());
    Instant delayUntil = delay(options, debounce, now);
    String ttl = ttl(options);
    String key = key(options, beside);
    NewRun run =
        new NewRun(
            beside.environment(),
            newId.get(),
            delayUntil == null ? RunStatus.PENDING : RunStatus.DELAYED,
            task,
            tags(options),
            origin(options),
            traits(options, delayUntil, ttl),
            contents(body, options, key));
    Instant queuedAt = delayUntil == null ? now : delayUntil;
    return new TriggerOrder(
        run,
        ttl == null ? null : queuedAt.plus(TimesParser.span(options.name("ttl"), ttl)),
        key == null ? null : keyLife(options, beside),
        beside.token(),
        debounce);
  }

  /**
   * As much as can be kept of a run that a body asks for and that can't be: its payload and its
   * tags, each if nothing is wrong with it.
   */
  public TriggerOrder remains(String task, JsonFields body, Beside beside) {
    PacketParser.Parsed none = new PacketParser.Parsed(null, Packet.JSON_TYPE);
    PacketParser.Parsed payload = ifRight(() -> payload(body, body.fields("options")), none);
    NewRun run =
        new NewRun(
            beside.environment(),
            newId.get(),
            RunStatus.PENDING,
            task,
            ifRight(() -> tags(body.fields("options")), List.of()),
            new NewRun.Origin(null, null, null, "trigger"),
            NewRun.Traits.NONE,
            new NewRun.Contents(payload.text(), payload.type(), null, null, null, null, null));
    return new TriggerOrder(run, null, null, null, null);
  }

  private static <T> T ifRight(Supplier<T> part, T otherwise) {
    try {
      return part.get();
    } catch (ApiException wrong) {
      return otherwise;
    }
  }

  /** Refuses what can't name a task. */
  public static void requireTask(String task) {
    if (task.isBlank() || task.length() > MAX_TASK || !JsonText.isStorable(task)) {
      throw ApiException.unprocessable(
          "task",
          "The task must be named by 1 to %d characters, none of them NUL.".formatted(MAX_TASK));
    }
  }

  /** A run that others may push on waits at first, as long as they push it unless it says more. */
  private static @Nullable Instant delay(
      JsonFields options, @Nullable Debounce debounce, Instant now) {
    String text = options.text("delay", MAX_NAME);
    if (text == null) {
      return debounce == null ? null : debounce.until();
    }
    Instant time = TimesParser.time(options.name("delay"), text, now);
    if (time.isAfter(now)) {
      return time;
    }
    if (debounce != null) {
      throw ApiException.unprocessable(
          options.name("delay"),
          "%s is not ahead, and a run that is debounced waits at first; leave it out."
              .formatted(options.name("delay")));
    }
    return null;
  }

  /** In its written form; a number counts seconds, and none of them mean none. */
  private static @Nullable String ttl(JsonFields options) {
    JsonNode value = options.value("ttl");
    if (value == null || !value.isNumber()) {
      return options.text("ttl", MAX_NAME);
    }
    Integer seconds = options.number("ttl", 0, Integer.MAX_VALUE);
    return seconds == null || seconds == 0 ? null : seconds + "s";
  }

  private static @Nullable String key(JsonFields options, Beside beside) {
    String key = options.text("idempotencyKey", MAX_KEY);
    return key == null ? checkedHeader(beside.key()) : key;
  }

  static @Nullable String checkedHeader(@Nullable String key) {
    if (key != null && key.length() > MAX_KEY) {
      throw ApiException.unprocessable(
          "idempotency-key",
          "The header idempotency-key has %d characters, over the limit of %d; shorten it."
              .formatted(key.length(), MAX_KEY));
    }
    return key == null || key.isEmpty() ? null : key;
  }

  private static Duration keyLife(JsonFields options, Beside beside) {
    String text = options.text("idempotencyKeyTTL", MAX_NAME);
    String life = text == null ? beside.keyLife() : text;
    return life == null ? KEY_LIFE : TimesParser.span(options.name("idempotencyKeyTTL"), life);
  }

  private List<String> tags(JsonFields options) {
    return checkedTags(options, limits);
  }

  /** The tags of a member, without those that repeat. */
  public static List<String> checkedTags(JsonFields fields, Limits limits) {
    List<String> tags = List.copyOf(new LinkedHashSet<>(fields.texts("tags", limits.tagLength())));
    if (tags.size() > limits.tags()) {
      throw ApiException.unprocessable(
          fields.name("tags"),
          "%s has %d tags, over the limit of %d; leave some out."
              .formatted(fields.name("tags"), tags.size(), limits.tags()));
    }
    return tags;
  }

  private static NewRun.Origin origin(JsonFields options) {
    String parent = options.text("parentRunId", MAX_NAME);
    if (parent != null && !RunId.accepts(parent)) {
      throw ApiException.unprocessable(
          options.name("parentRunId"), options.name("parentRunId") + " is no id of a run.");
    }
    String batch = options.text("parentBatch", MAX_NAME);
    if (batch != null && !BatchId.accepts(batch)) {
      throw ApiException.unprocessable(
          options.name("parentBatch"), options.name("parentBatch") + " is no id of a batch.");
    }
    return new NewRun.Origin(
        parent == null ? null : new RunId(parent),
        batch == null ? null : new BatchId(batch),
        null,
        options.flag("resumeParentOnCompletion") ? "triggerAndWait" : "trigger");
  }

  private static NewRun.Traits traits(
      JsonFields options, @Nullable Instant delayUntil, @Nullable String ttl) {
    String queue = options.fields("queue").text("name", MAX_TASK);
    String machine = options.text("machine", MAX_NAME);
    if (machine != null && !MACHINES.contains(machine)) {
      throw ApiException.unprocessable(
          options.name("machine"),
          options.name("machine")
              + " must be one of "
              + String.join(", ", MACHINES.stream().sorted().toList())
              + ".");
    }
    return new NewRun.Traits(
        queue,
        options.textOrNumber("concurrencyKey", MAX_TASK),
        machine,
        options.text("region", MAX_NAME),
        options.text("lockToVersion", MAX_NAME),
        delayUntil,
        ttl,
        bounds(options));
  }

  private static NewRun.Bounds bounds(JsonFields options) {
    Integer priority = options.number("priority", Integer.MIN_VALUE, Integer.MAX_VALUE);
    return new NewRun.Bounds(
        priority == null ? 0 : priority,
        options.number("maxAttempts", 1, Integer.MAX_VALUE),
        options.number("maxDuration", 0, Integer.MAX_VALUE),
        options.flag("test"));
  }

  private PacketParser.Parsed payload(JsonFields body, JsonFields options) {
    return packets.parse(body, "payload", options, "payloadType");
  }

  private NewRun.Contents contents(JsonFields body, JsonFields options, @Nullable String key) {
    PacketParser.Parsed payload = payload(body, options);
    String metadata = metadata(options);
    return new NewRun.Contents(
        payload.text(),
        payload.type(),
        metadata,
        metadata == null ? null : Packet.JSON_TYPE,
        key,
        options.without(APART).orElse(null),
        null);
  }

  private @Nullable String metadata(JsonFields options) {
    JsonNode value = options.value("metadata");
    if (value == null) {
      return null;
    }
    String name = options.name("metadata");
    String text = JsonText.print(object(value, name));
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > limits.metadataBytes()) {
      throw new ApiException(
          ApiError.TOO_LARGE,
          "%s has %d bytes, over the limit of %d; keep less in it."
              .formatted(name, bytes, limits.metadataBytes()),
          name);
    }
    return text;
  }

  /** Metadata is an object; some clients send it as the text of one. */
  private ObjectNode object(JsonNode value, String name) {
    try {
      JsonNode read = value.isTextual() ? json.read(value.textValue()) : value;
      if (read instanceof ObjectNode object) {
        return object;
      }
    } catch (UnreadableJsonException notJson) {
      // Falls through to the one refusal of all that is no object.
    }
    throw ApiException.unprocessable(name, name + " must be a JSON object.");
  }
}
