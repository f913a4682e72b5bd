package dev.runcast.keys;

import dev.runcast.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** A text that proves who is calling: an environment's secret key or a personal token. */
public record Credential(Secret text) {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /** 62^43 is just over 2^256: as hard to guess as the HMAC that it keys. */
  private static final int RANDOM_LENGTH = 43;

  /** A new secret key, named after its environment as in {@code tr_dev_…}. */
  public static Credential newSecretKey(String environmentSlug) {
    // A branch is called after its environment, with its own name behind a slash.
    String kind = environmentSlug.replaceFirst("/.*", "");
    return new Credential(new Secret("tr_" + kind + "_" + random(RANDOM_LENGTH)));
  }

  /** A new personal token, {@code tr_pat_…}. */
  public static Credential newPersonalToken() {
    return new Credential(new Secret("tr_pat_" + random(RANDOM_LENGTH)));
  }

  /** Random letters and digits, for ids as well. */
  public static String random(int length) {
    SecureRandom random = new SecureRandom();
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  /** Its SHA-256: what it is found by. */
  public byte[] digest() {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(text.reveal().getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JVM has SHA-256", e);
    }
  }
}
