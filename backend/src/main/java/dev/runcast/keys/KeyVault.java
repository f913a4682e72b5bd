package dev.runcast.keys;

import dev.runcast.config.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets for storing, and opens them again: AES-256-GCM with a random nonce of 96 bits for
 * each. Stored form: one version byte, the nonce, the cipher text with its tag of 128 bits.
 *
 * @see <a href="https://csrc.nist.gov/pubs/sp/800/38/d/final">NIST SP 800-38D</a>
 */
public final class KeyVault {
  private static final byte VERSION = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final String HMAC = "HmacSHA256";
  private static final byte[] FINGERPRINTS =
      "runcast fingerprints".getBytes(StandardCharsets.US_ASCII);
  private static final int SHORTEST = 1 + NONCE_BYTES + TAG_BITS / 8;

  private final MasterKey master;
  private final SecureRandom random = new SecureRandom();

  public KeyVault(MasterKey master) {
    this.master = master;
  }

  /** Which master key this vault has: to be stored beside what it seals. */
  public String masterKeyId() {
    return master.id();
  }

  /** The secret in a form that only this master key opens; another one each time. */
  public byte[] seal(Secret secret) {
    return seal(secret, "");
  }

  /**
   * The same, bound to a place: it opens as what is kept there, and as nothing else.
   *
   * @param place names what it is the secret of
   */
  public byte[] seal(Secret secret, String place) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] text = secret.reveal().getBytes(StandardCharsets.UTF_8);
    byte[] sealed = crypt(Cipher.ENCRYPT_MODE, nonce, text, 0, place);
    return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
        .put(VERSION)
        .put(nonce)
        .put(sealed)
        .array();
  }

  /**
   * The secret in what {@link #seal(Secret)} has made.
   *
   * @throws IllegalStateException if it was sealed with another master key or altered since
   */
  public Secret open(byte[] sealed) {
    return open(sealed, "");
  }

  /**
   * The secret in what {@link #seal(Secret, String)} has made for this place.
   *
   * @throws IllegalStateException if it was sealed with another master key, for another place, or
   *     altered since
   */
  public Secret open(byte[] sealed, String place) {
    if (sealed.length < SHORTEST || sealed[0] != VERSION) {
      throw new IllegalStateException("a stored secret is not in a form that is known here");
    }
    byte[] nonce = new byte[NONCE_BYTES];
    ByteBuffer.wrap(sealed, 1, NONCE_BYTES).get(nonce);
    byte[] text = crypt(Cipher.DECRYPT_MODE, nonce, sealed, 1 + NONCE_BYTES, place);
    return new Secret(new String(text, StandardCharsets.UTF_8));
  }

  /** Tells texts apart as a digest does, but to nobody who does not have this master key. */
  public byte[] fingerprint(byte[] text) {
    return hmac(hmac(master.bytes(), FINGERPRINTS), text);
  }

  private static byte[] hmac(byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has HMAC with SHA-256", e);
    }
  }

  private byte[] crypt(int mode, byte[] nonce, byte[] input, int offset, String place) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, master.aes(), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(new byte[] {VERSION});
      cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(input, offset, input.length - offset);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "a stored secret does not open with the encryption key " + master.id(), e);
    }
  }
}
