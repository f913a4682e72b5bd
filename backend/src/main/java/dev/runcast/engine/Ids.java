package dev.runcast.engine;

import dev.runcast.run.BatchId;
import dev.runcast.run.RunId;
import dev.runcast.run.WaitpointId;
import java.security.SecureRandom;

/**
 * New ids: a prefix and 25 random characters of {@code [0-9a-z]}, 129 bits, which nobody can guess
 * or hit upon twice.
 */
public final class Ids {
  private static final int LENGTH = 25;
  private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
  private static final SecureRandom RANDOM = new SecureRandom();

  private Ids() {}

  /** A new run's id. */
  public static RunId run() {
    return new RunId("run_" + random());
  }

  /** A new batch's id. */
  public static BatchId batch() {
    return new BatchId("batch_" + random());
  }

  /** A new waitpoint's id. */
  public static WaitpointId waitpoint() {
    return new WaitpointId("waitpoint_" + random());
  }

  /** A new worker's id. */
  public static String worker() {
    return "worker_" + random();
  }

  /** A text that is good for whoever knows it. */
  public static String secret() {
    return random();
  }

  private static String random() {
    StringBuilder text = new StringBuilder(LENGTH);
    RANDOM.ints(LENGTH, 0, ALPHABET.length()).forEach(i -> text.append(ALPHABET.charAt(i)));
    return text.toString();
  }
}
