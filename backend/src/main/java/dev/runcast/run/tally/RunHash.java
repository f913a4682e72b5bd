package dev.runcast.run.tally;

import dev.runcast.run.RunId;
import java.nio.charset.StandardCharsets;

/**
 * The hash that digests of feeds are sums of: 64 bits that are cheap in Java, in a browser (nothing
 * but sums, rotations and exclusive ors of 32 bits) and, above all, in the database, which adds up
 * feeds of any size: it is what Postgres calls {@code hashtextextended(text, 0)}. Laid down in
 * docs/PROTOCOL.md; it/protocol/digest.json holds examples.
 *
 * @see <a href="https://burtleburtle.net/bob/c/lookup3.c">the rounds that it mixes by</a>
 */
public final class RunHash {
  /** How many parts a feed is divided into for a repair. */
  public static final int BUCKETS = 256;

  private static final int SEED = 0x9e3779b9 + 3923095;
  private static final int BLOCK = 12;

  private RunHash() {}

  /** What one version of one run adds to the digest of a feed. */
  public static long of(RunId run, long version) {
    return of(run.value() + ':' + version);
  }

  /** The part of a feed that a run belongs to, whatever its version. */
  public static int bucketOf(RunId run) {
    return (int) of(run.value()) & (BUCKETS - 1);
  }

  /** Of any text. */
  static long of(String text) {
    byte[] key = text.getBytes(StandardCharsets.UTF_8);
    int a = SEED + key.length;
    int b = a;
    int c = a;
    int at = 0;
    for (; key.length - at >= BLOCK; at += BLOCK) {
      a += word(key, at, 4);
      b += word(key, at + 4, 4);
      c += word(key, at + 8, 4);
      a = (a - c) ^ Integer.rotateLeft(c, 4);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 6);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 8);
      b += a;
      a = (a - c) ^ Integer.rotateLeft(c, 16);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 19);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 4);
      b += a;
    }
    a += word(key, at, 4);
    b += word(key, at + 4, 4);
    // The lowest byte of the last word stands for the length.
    c += word(key, at + 8, 3) << 8;
    return last(a, b, c);
  }

  private static long last(int first, int second, int third) {
    int a = first;
    int b = second;
    int c = third;
    c = (c ^ b) - Integer.rotateLeft(b, 14);
    a = (a ^ c) - Integer.rotateLeft(c, 11);
    b = (b ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    c = (c ^ b) - Integer.rotateLeft(b, 24);
    return (long) b << 32 | Integer.toUnsignedLong(c);
  }

  /** Up to four bytes, the lowest first; none behind the end. */
  private static int word(byte[] key, int from, int most) {
    int word = 0;
    for (int i = Math.min(from + most, key.length) - 1; i >= from; i--) {
      word = word << 8 | (key[i] & 0xff);
    }
    return word;
  }
}
