package dev.runcast.keys;

import dev.runcast.config.Secret;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The 256 bits that open all stored secret keys. They are never stored beside what they open. */
public final class MasterKey {
  private static final int BYTES = 32;
  private static final int ID_BYTES = 8;
  private static final int HEX_LENGTH = 64;

  private final byte[] bytes;

  private MasterKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A new one, from the system's random source. */
  public static MasterKey generate() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new MasterKey(bytes);
  }

  /**
   * Reads 32 bytes in base64 or hexadecimal.
   *
   * @throws IllegalArgumentException if it is something else; the message does not quote it
   */
  public static MasterKey parse(Secret text) {
    String given = text.reveal();
    byte[] bytes =
        given.length() == HEX_LENGTH
            ? HexFormat.of().parseHex(given)
            : Base64.getDecoder().decode(given);
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("an encryption key has 32 bytes, not " + bytes.length);
    }
    return new MasterKey(bytes);
  }

  /** As {@link #parse} reads it. */
  public Secret text() {
    return new Secret(Base64.getEncoder().encodeToString(bytes));
  }

  /** Names the key without telling anything about it. */
  public String id() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("runcast master key\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest.digest(bytes), 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JVM has SHA-256", e);
    }
  }

  byte[] bytes() {
    return bytes.clone();
  }

  SecretKey aes() {
    return new SecretKeySpec(bytes, "AES");
  }

  @Override
  public String toString() {
    return "MasterKey[" + id() + "]";
  }
}
