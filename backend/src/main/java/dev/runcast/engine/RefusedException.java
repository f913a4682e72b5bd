package dev.runcast.engine;

import org.jspecify.annotations.Nullable;

/**
 * What a client asked can't be. It fails the transaction, so that nothing of it remains; it has no
 * stack trace, for it tells of the request and not of this program.
 */
public final class RefusedException extends RuntimeException {

  /** In which way. */
  public enum Kind {
    /** What it is about is not there. */
    UNKNOWN,
    /** It contradicts the state of things or a limit. */
    UNPROCESSABLE,
    /** It is larger than a limit. */
    TOO_LARGE,
    /** It expected another version of the run than the current one. */
    STALE,
    /** It speaks of a state that has passed. */
    OUTDATED,
    /** It speaks under a lease that is over. */
    LAPSED
  }

  private final Kind kind;
  private final @Nullable String field;
  private final long currentVersion;

  private RefusedException(Kind kind, @Nullable String field, String sentence, long version) {
    super(sentence, null, false, false);
    this.kind = kind;
    this.field = field;
    this.currentVersion = version;
  }

  public static RefusedException unknown(String sentence) {
    return new RefusedException(Kind.UNKNOWN, null, sentence, 0);
  }

  /** Names the field at fault; the sentence says what would be right. */
  public static RefusedException unprocessable(String field, String sentence) {
    return new RefusedException(Kind.UNPROCESSABLE, field, sentence, 0);
  }

  /** Names the field at fault; the sentence says the limit. */
  public static RefusedException tooLarge(String field, String sentence) {
    return new RefusedException(Kind.TOO_LARGE, field, sentence, 0);
  }

  /** The sentence says what is the case now. */
  public static RefusedException outdated(String sentence) {
    return new RefusedException(Kind.OUTDATED, null, sentence, 0);
  }

  /** The sentence says what has become of the run. */
  public static RefusedException lapsed(String sentence) {
    return new RefusedException(Kind.LAPSED, "lease", sentence, 0);
  }

  static RefusedException stale(long expected, long current) {
    return new RefusedException(
        Kind.STALE,
        "if-match",
        "The run is at version %d, not %d: read it again and decide anew."
            .formatted(current, expected),
        current);
  }

  public Kind kind() {
    return kind;
  }

  public @Nullable String field() {
    return field;
  }

  /** The sentence for the client. */
  public String sentence() {
    return String.valueOf(getMessage());
  }

  /** The version that the run has, of a {@link Kind#STALE} one; else 0. */
  public long currentVersion() {
    return currentVersion;
  }
}
