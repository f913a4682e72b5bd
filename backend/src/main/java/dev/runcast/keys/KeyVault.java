package dev.runcast.keys;

import dev.runcast.config.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

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
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] text = secret.reveal().getBytes(StandardCharsets.UTF_8);
    byte[] sealed = crypt(Cipher.ENCRYPT_MODE, nonce, text, 0);
    return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
        .put(VERSION)
        .put(nonce)
        .put(sealed)
        .array();
  }

  /**
   * The secret in what {@link #seal} has made.
   *
   * @throws IllegalStateException if it was sealed with another master key or altered since
   */
  public Secret open(byte[] sealed) {
    if (sealed.length < SHORTEST || sealed[0] != VERSION) {
      throw new IllegalStateException("a stored secret key is not in a form that is known here");
    }
    byte[] nonce = new byte[NONCE_BYTES];
    ByteBuffer.wrap(sealed, 1, NONCE_BYTES).get(nonce);
    byte[] text = crypt(Cipher.DECRYPT_MODE, nonce, sealed, 1 + NONCE_BYTES);
    return new Secret(new String(text, StandardCharsets.UTF_8));
  }

  private byte[] crypt(int mode, byte[] nonce, byte[] input, int offset) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, master.aes(), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(new byte[] {VERSION});
      return cipher.doFinal(input, offset, input.length - offset);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "a stored secret key does not open with the encryption key " + master.id(), e);
    }
  }
}
