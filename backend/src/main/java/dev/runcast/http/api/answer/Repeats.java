package dev.runcast.http.api.answer;

import dev.runcast.engine.Requests.Repeatable;
import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Principal;
import dev.runcast.json.JsonText;
import dev.runcast.store.table.RequestTable.Identity;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Tells by which requests are the same one, sent again. */
public final class Repeats {
  private static final String HEADER = "x-trigger-request-idempotency-key";
  private static final int MAX_KEY = 256;

  /** Routes and keys stand in an index, whose entries are bounded. */
  private static final int MAX_ROUTE = 512;

  private Repeats() {}

  /**
   * What a request may be repeated under; empty when it carries no key.
   *
   * @throws ApiException 400 for a key that can't be kept
   */
  public static Optional<Repeatable> of(RoutingContext context) {
    String key = context.request().getHeader(HEADER);
    if (key == null || key.isBlank()) {
      return Optional.empty();
    }
    if (key.length() > MAX_KEY || !JsonText.isStorable(key)) {
      throw ApiException.badRequest(
          HEADER, "The header %s must have at most %d characters.".formatted(HEADER, MAX_KEY));
    }
    Principal principal = Principal.of(context);
    Buffer body = context.body().buffer();
    Identity identity =
        new Identity(principal.environment(), digestOf(principal), route(context), key);
    return Optional.of(
        new Repeatable(identity, sha256(body == null ? new byte[0] : body.getBytes())));
  }

  /** The SHA-256 of a principal's credential. */
  public static Buffer digestOf(Principal principal) {
    return Buffer.buffer(HexFormat.of().parseHex(principal.digest()));
  }

  private static String route(RoutingContext context) {
    String route = context.request().method() + " " + context.normalizedPath();
    return route.length() <= MAX_ROUTE
        ? route
        : HexFormat.of().formatHex(sha256(route.getBytes(StandardCharsets.UTF_8)).getBytes());
  }

  private static Buffer sha256(byte[] bytes) {
    try {
      return Buffer.buffer(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
