package dev.runcast.run;

import java.nio.charset.StandardCharsets;

/**
 * A value that a filter is found by: the run itself, its parent, its batch, one of its tags, or the
 * environment as a whole.
 */
public record FilterKey(Kind kind, EnvironmentId environment, String value) {

  public enum Kind {
    RUN,
    PARENT,
    BATCH,
    TAG,
    ENVIRONMENT,
    /** Chunks of whichever runs of an environment; no filter is found by it. */
    CHUNKS
  }

  /** What a filter for this one run is found by. */
  public static FilterKey of(Run run) {
    return new FilterKey(Kind.RUN, run.environment(), run.id().value());
  }

  /** What a transaction concerns that holds chunks. */
  public static FilterKey chunksOf(EnvironmentId environment) {
    return new FilterKey(Kind.CHUNKS, environment, "");
  }

  /** The FNV-1a hash of 64 bits: small enough to keep for a transaction of millions of rows. */
  public long hash() {
    long hash = 0xcbf29ce484222325L;
    for (byte b :
        (kind.name() + '\0' + environment.value() + '\0' + value)
            .getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}
