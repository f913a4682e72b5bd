package dev.runcast.hub.revocation;

import dev.runcast.run.place.Position;
import dev.runcast.run.revocation.Bearer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that is told by somebody's word, which may be taken back. */
public interface Revocable {

  /** By whose word; it may be another one tomorrow. */
  Bearer bearer();

  /**
   * The word is taken back: nothing more is told.
   *
   * @param position where in the log; null when that is not known
   */
  void revoke(@Nullable Position position);

  /** Tells that the word is going to end. */
  void warnOfEnd(Instant end);

  /** The word has ended, as was to be expected. */
  void expire();
}
