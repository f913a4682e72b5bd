package dev.runcast.store.table;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Keys of clients as indexes hold them: an entry has room for 2,704 bytes, a client's key may be
 * longer. Long ones stand there by their SHA-256.
 */
public final class IndexedText {
  private static final int MAX_BYTES = 600;

  private IndexedText() {}

  /** The key as an index can hold it. */
  public static String of(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_BYTES) {
      return key;
    }
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
