package dev.runcast.http.auth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.revocation.Revocation.Kind;
import dev.runcast.store.revocation.RevocationTable.Order;
import dev.runcast.tokens.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A body that says what is to be revoked → {@link Order}: {@code jti}, or {@code scope} with an
 * {@code issuedBefore} that is now by default, or {@code issuedBefore} alone. Stateless but for the
 * clock.
 */
final class RevokeParser {
  private static final int MAX_JTI = 256;
  private static final int MAX_SCOPE = 512;

  /** By how much the clock of who asks may be ahead. */
  private static final Duration LEEWAY = Duration.ofMinutes(1);

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private final InstantSource clock;

  RevokeParser(InstantSource clock) {
    this.clock = clock;
  }

  Order parse(EnvironmentId environment, JsonFields body) {
    String jti = body.text("jti", MAX_JTI);
    String scope = body.text("scope", MAX_SCOPE);
    Instant expiresAt = instant(body, "expiresAt");
    if (jti != null) {
      refuseBeside(body, "scope");
      refuseBeside(body, "issuedBefore");
      return new Order(environment, Kind.TOKEN, jti, null, expiresAt);
    }
    Instant issuedBefore = issuedBefore(body);
    if (scope != null) {
      requireScope(scope);
      Instant before = issuedBefore == null ? now() : issuedBefore;
      return new Order(environment, Kind.SCOPE, scope, before, expiresAt);
    }
    if (issuedBefore == null) {
      throw ApiException.badRequest(
          "jti",
          "Say what is to be revoked: the jti of a token, a scope, or issuedBefore for all tokens of"
              + " the environment.");
    }
    return new Order(environment, Kind.ENVIRONMENT, "", issuedBefore, expiresAt);
  }

  private static void refuseBeside(JsonFields body, String field) {
    if (body.value(field) != null) {
      throw ApiException.badRequest(
          field, field + " means nothing beside jti, which names one token; leave either out.");
    }
  }

  private static void requireScope(String scope) {
    try {
      Scope.parse(scope);
    } catch (IllegalArgumentException malformed) {
      throw ApiException.badRequest(
          "scope", "scope must be one scope as tokens carry it, such as read:runs:run_1.");
    }
  }

  private @Nullable Instant issuedBefore(JsonFields body) {
    Instant before = instant(body, "issuedBefore");
    if (before != null && before.isAfter(clock.instant().plus(LEEWAY))) {
      throw ApiException.badRequest(
          "issuedBefore",
          "issuedBefore must not lie in the future: what is yet to be issued stays.");
    }
    return before;
  }

  /** To the microsecond, as the table keeps it. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** An instant in words, or whole unix seconds as tokens have them. */
  private static @Nullable Instant instant(JsonFields body, String field) {
    JsonNode value = body.value(field);
    if (value == null) {
      return null;
    }
    Instant instant = null;
    if (value.canConvertToLong() && value.isIntegralNumber()) {
      instant = ofSeconds(value.longValue());
    } else if (value.isTextual()) {
      instant = ofText(value.textValue());
    }
    if (instant == null || instant.isBefore(Instant.EPOCH) || instant.isAfter(LATEST)) {
      throw ApiException.badRequest(
          body.name(field),
          body.name(field)
              + " must be an instant such as 2026-01-02T03:04:05Z, or a number of unix seconds.");
    }
    return instant.truncatedTo(ChronoUnit.MICROS);
  }

  private static @Nullable Instant ofSeconds(long seconds) {
    return seconds < 0 || seconds > LATEST.getEpochSecond() ? null : Instant.ofEpochSecond(seconds);
  }

  private static @Nullable Instant ofText(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException malformed) {
      return null;
    }
  }
}
