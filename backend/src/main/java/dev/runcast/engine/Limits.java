package dev.runcast.engine;

/**
 * How much of what a run may have. Sizes are bytes of UTF-8, lengths are characters.
 *
 * @param payloadBytes of a payload, an output or an error
 * @param metadataBytes of the metadata, after the operations that change it
 * @param depth of any JSON value that is stored
 */
public record Limits(
    int payloadBytes, int metadataBytes, int tags, int tagLength, int depth, int batchItems) {
  /** Beyond it, what operations nest within each other could no longer be read. */
  private static final int MAX_DEPTH = 700;

  public static final Limits DEFAULT = new Limits(3 << 20, 256 << 10, 10, 128, 400, 1_000);

  public Limits {
    if (depth < 1 || depth > MAX_DEPTH) {
      throw new IllegalArgumentException("the depth of JSON must be 1 to " + MAX_DEPTH);
    }
  }
}
