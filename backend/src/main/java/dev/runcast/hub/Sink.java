package dev.runcast.hub;

import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Position;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.SharedFrame;
import org.jspecify.annotations.Nullable;

/**
 * Where a subscription's frames go: a connection, or a part of one. Everything happens on the event
 * loop of the subscription's hub. Once closed by either side it swallows what is written.
 */
public interface Sink {

  /**
   * Takes a frame; never refuses.
   *
   * @param cursor what the client resumes with once it has this frame; null only before anything
   *     was read
   */
  void write(SharedFrame frame, @Nullable Cursor cursor);

  /** Whether the other side is behind, so that nothing more should be written until it drains. */
  boolean isFull();

  /** Registers the one callback that runs each time a full sink can take frames again. */
  void onDrain(Runnable drained);

  /** By whose word it is told anything. */
  Bearer bearer();

  /** Tells the client why, and hangs up. */
  void close(CloseCode code);

  /**
   * Tells the client that its word was taken back, and hangs up.
   *
   * @param position where in the log; null when that is not known
   */
  default void revoke(@Nullable Position position) {
    close(CloseCode.REVOKED);
  }
}
