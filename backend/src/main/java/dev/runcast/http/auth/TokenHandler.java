package dev.runcast.http.auth;

import dev.runcast.http.ApiException;
import dev.runcast.tokens.Expiry;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.PublicToken;
import dev.runcast.tokens.TokenIssuer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Gives public tokens, and what is needed to sign them oneself, to who holds a secret key.
 *
 * <p>Clients that can sign ask only for claims. Each answer has a {@code jti} of its own: without
 * it, two tokens for the same thing made in the same second would be one and the same text, and
 * using a one-time token would use up its twin.
 */
public final class TokenHandler {
  private static final String PUBLIC_TOKEN_LIFE = "15m";
  private static final String JWT_LIFE = "1h";

  private final TokenMint mint;

  public TokenHandler(TokenMint mint) {
    this.mint = mint;
  }

  /** {@code POST /api/v1/auth/jwt/claims}: claims that a client adds to the token it signs. */
  public void claims(RoutingContext context) {
    Principal principal = secretKeyHolder(context);
    context.json(
        new JsonObject()
            .put("sub", principal.environment().value())
            .put("pub", true)
            .put("jti", UUID.randomUUID().toString()));
  }

  /** {@code POST /api/v1/auth/public-tokens}: a token that the service signs. */
  public void publicToken(RoutingContext context) {
    Principal principal = secretKeyHolder(context);
    JsonObject body = body(context);
    Grants grants = grants(body, "scopes");
    if (grants.scopes().isEmpty()) {
      throw ApiException.badRequest("scopes", "scopes must name at least one scope.");
    }
    Expiry expiry = expiry(body, PUBLIC_TOKEN_LIFE);
    boolean oneTime = flag(body, "oneTimeUse");
    List<String> skipped = strings(object(body, "realtime"), "skipColumns");
    mint.issuer(principal.environment())
        .map(
            issuer -> {
              PublicToken token = draft(issuer, grants, expiry).withSkipColumns(skipped);
              return sign(issuer, oneTime ? token.withOneTimeUse() : token);
            })
        .onSuccess(token -> answer(context, token))
        .onFailure(context::fail);
  }

  /** {@code POST /api/v1/auth/jwt}: the older form of the same. */
  public void jwt(RoutingContext context) {
    Principal principal = secretKeyHolder(context);
    JsonObject body = body(context);
    Grants grants = grants(object(body, "claims"), "scopes");
    Expiry expiry = expiry(body, JWT_LIFE);
    mint.issuer(principal.environment())
        .map(issuer -> sign(issuer, draft(issuer, grants, expiry)))
        .onSuccess(token -> answer(context, token))
        .onFailure(context::fail);
  }

  private static void answer(RoutingContext context, String token) {
    context.json(new JsonObject().put("token", token));
  }

  private static PublicToken draft(TokenIssuer issuer, Grants grants, Expiry expiry) {
    try {
      return issuer.draft(grants, expiry);
    } catch (IllegalArgumentException tooEarly) {
      throw wrong("expirationTime", tooEarly);
    }
  }

  private static String sign(TokenIssuer issuer, PublicToken token) {
    try {
      return issuer.sign(token);
    } catch (IllegalArgumentException tooLong) {
      throw wrong("scopes", tooLong);
    }
  }

  private static ApiException wrong(String field, IllegalArgumentException why) {
    return ApiException.badRequest(field, field + ": " + why.getMessage() + ".");
  }

  private static Principal secretKeyHolder(RoutingContext context) {
    Principal principal = Principal.of(context);
    Authorizer.requireSecretKey(principal);
    return principal;
  }

  private static JsonObject body(RoutingContext context) {
    try {
      JsonObject body = context.body().asJsonObject();
      if (body == null && context.body().length() > 0) {
        throw noObject();
      }
      return body == null ? new JsonObject() : body;
    } catch (DecodeException | ClassCastException notAnObject) {
      throw noObject();
    }
  }

  private static ApiException noObject() {
    return ApiException.badRequest("body", "The request body must be a JSON object.");
  }

  private static JsonObject object(JsonObject from, String field) {
    Object value = from.getValue(field);
    if (value != null && !(value instanceof JsonObject)) {
      throw ApiException.badRequest(field, field + " must be a JSON object.");
    }
    return value == null ? new JsonObject() : (JsonObject) value;
  }

  private static List<String> strings(JsonObject from, String field) {
    Object value = from.getValue(field);
    if (value == null) {
      return List.of();
    }
    if (value instanceof JsonArray array && array.stream().allMatch(String.class::isInstance)) {
      return array.stream().map(String.class::cast).toList();
    }
    throw ApiException.badRequest(field, field + " must be an array of strings.");
  }

  private static Grants grants(JsonObject from, String field) {
    try {
      return Grants.parse(strings(from, field));
    } catch (IllegalArgumentException malformed) {
      throw wrong(field, malformed);
    }
  }

  private static boolean flag(JsonObject from, String field) {
    @Nullable Object value = from.getValue(field);
    if (value != null && !(value instanceof Boolean)) {
      throw ApiException.badRequest(field, field + " must be true or false.");
    }
    return Boolean.TRUE.equals(value);
  }

  /** As the official SDK writes it: a duration in words, or a number of absolute unix seconds. */
  private static Expiry expiry(JsonObject body, String fallback) {
    Object value = body.getValue("expirationTime");
    try {
      if (value instanceof Number seconds) {
        return Expiry.atUnixSeconds(seconds.longValue());
      }
      if (value == null || value instanceof String) {
        return Expiry.parse(value == null ? fallback : (String) value);
      }
    } catch (IllegalArgumentException malformed) {
      throw wrong("expirationTime", malformed);
    }
    throw ApiException.badRequest(
        "expirationTime", "expirationTime must be a duration or a number of unix seconds.");
  }
}
