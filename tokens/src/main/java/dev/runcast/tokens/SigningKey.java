package dev.runcast.tokens;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * An environment's secret key, as the key of the HMAC: its UTF-8 bytes, without any derivation.
 *
 * <p>A key shorter than 32 bytes is padded with zeros, because RFC 7518 §3.2 asks for 256 bits and
 * Nimbus insists; the MAC stays the same, since HMAC itself pads every short key with zeros (RFC
 * 2104 §2). Its text form is masked.
 */
public final class SigningKey {
  private static final int MIN_BYTES = 32;

  private final byte[] bytes;

  private SigningKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The key of a raw secret, such as {@code tr_dev_…}.
   *
   * @throws IllegalArgumentException if it is blank
   */
  public static SigningKey of(String secret) {
    if (secret.isBlank()) {
      throw new IllegalArgumentException("A signing key must not be blank");
    }
    byte[] raw = secret.getBytes(StandardCharsets.UTF_8);
    return new SigningKey(Arrays.copyOf(raw, Math.max(raw.length, MIN_BYTES)));
  }

  SecretKey hmacKey() {
    return new SecretKeySpec(bytes, "HmacSHA256");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SigningKey that && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "SigningKey[***]";
  }
}
