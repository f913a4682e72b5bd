package dev.runcast.http.api.waitpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.engine.Ids;
import dev.runcast.engine.Limits;
import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.list.Paging;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.http.api.request.TimesParser;
import dev.runcast.http.api.request.TriggerParser;
import dev.runcast.json.JsonText;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.waitpoint.NewWaitpoint;
import dev.runcast.store.waitpoint.Waitpoint;
import dev.runcast.store.waitpoint.Waitpoint.Output;
import dev.runcast.store.waitpoint.Waitpoint.Status;
import dev.runcast.store.waitpoint.WaitpointLists;
import dev.runcast.wire.Packet;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What requests say of waitpoint tokens. */
final class WaitpointParser {
  private static final int MAX_KEY = 2048;
  private static final int MAX_TEXT = 128;

  private final Limits limits;
  private final InstantSource clock;

  WaitpointParser(Limits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /** The waitpoint that a body asks for. */
  NewWaitpoint asked(EnvironmentId environment, JsonFields body) {
    Instant now = clock.instant();
    String timeout = body.text("timeout", MAX_TEXT);
    return new NewWaitpoint(
        environment,
        Ids.waitpoint(),
        Ids.secret(),
        key(body, now),
        timeout == null ? null : TimesParser.time("timeout", timeout, now),
        TriggerParser.checkedTags(body, limits));
  }

  /** Without a time of its own a key stands for its waitpoint as long as that is kept. */
  private static Waitpoint.@Nullable Key key(JsonFields body, Instant now) {
    String key = body.text("idempotencyKey", MAX_KEY);
    String life = body.text("idempotencyKeyTTL", MAX_TEXT);
    Instant expiry = life == null ? null : now.plus(TimesParser.span("idempotencyKeyTTL", life));
    return key == null ? null : new Waitpoint.Key(key, expiry);
  }

  /** What a body completes a waitpoint with: its {@code data}, where null is a value, too. */
  @Nullable Output data(JsonFields body) {
    return output("data", body.object().get("data"));
  }

  /** What a value completes a waitpoint with; null for nothing. */
  @Nullable Output output(String name, @Nullable JsonNode value) {
    if (value == null) {
      return null;
    }
    String text = JsonText.print(value);
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > limits.payloadBytes()) {
      throw new ApiException(
          ApiError.TOO_LARGE,
          "%s has %d bytes, over the limit of %d; keep it elsewhere and send a reference."
              .formatted(name, bytes, limits.payloadBytes()),
          name);
    }
    return new Output(text, Packet.JSON_TYPE, false);
  }

  /** The list that a query string asks for. */
  WaitpointLists.Query list(EnvironmentId environment, MultiMap query) {
    Paging.Created created = Paging.created(query, clock);
    return new WaitpointLists.Query(
        environment,
        statuses(query),
        Paging.value(query, "filter[idempotencyKey]"),
        Paging.values(query, "filter[tags]"),
        created.from(),
        created.to(),
        Paging.page(query));
  }

  private static Set<Status> statuses(MultiMap query) {
    try {
      return Paging.values(query, "filter[status]").stream()
          .map(Status::valueOf)
          .collect(Collectors.toUnmodifiableSet());
    } catch (IllegalArgumentException unknown) {
      throw ApiException.badRequest(
          "filter[status]", "filter[status] must name statuses of WAITING, COMPLETED, TIMED_OUT.");
    }
  }
}
