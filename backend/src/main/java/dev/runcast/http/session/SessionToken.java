package dev.runcast.http.session;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The 256 random bits that a session is known by. Its text is a credential: never to be logged. */
final class SessionToken {
  private static final int BYTES = 32;
  private static final Pattern FORM = Pattern.compile("[0-9A-Za-z_-]{43}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String text;

  private SessionToken(String text) {
    this.text = text;
  }

  static SessionToken random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new SessionToken(base64(bytes));
  }

  /** Empty for what can't be one. */
  static Optional<SessionToken> parse(@Nullable String text) {
    return text != null && FORM.matcher(text).matches()
        ? Optional.of(new SessionToken(text))
        : Optional.empty();
  }

  /** As the cookie has it. */
  String text() {
    return text;
  }

  /** What the session is found by; from it nobody gets to the token. */
  Buffer digest() {
    return Buffer.buffer(sha256(text));
  }

  /** The same, in lower-case hexadecimal. */
  String digestText() {
    return HexFormat.of().formatHex(sha256(text));
  }

  /**
   * A word that only who was given it by this origin can say, since no other origin may read what
   * we answer: it shows that a request with the cookie is the page's own. It tells nothing of the
   * token.
   */
  String csrf() {
    return base64(sha256("csrf\n" + text));
  }

  /** Whether that word was said; takes as long for each wrong one. */
  boolean knowsCsrf(String said) {
    return MessageDigest.isEqual(
        csrf().getBytes(StandardCharsets.UTF_8), said.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "SessionToken[hidden]";
  }
}
