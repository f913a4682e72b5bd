package dev.runcast.wal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the tail of this node stands, for readiness and logs.
 *
 * @param reason what it waits for or what went wrong last, in a sentence without secrets; null when
 *     there is nothing to say
 * @param lastHorizonAt when this node last told a horizon; null when it never has
 */
public record WalState(Phase phase, @Nullable String reason, @Nullable Instant lastHorizonAt) {

  /** Where the reader is on its way to the log. */
  public enum Phase {
    /** Not started, or stopped. */
    STOPPED,
    /** On the way to Postgres, or waiting to try again. */
    CONNECTING,
    /** Connected; the slot can't be had yet, and no other node has it either. */
    WAITING_FOR_SLOT,
    /** Another node has the slot. As ready as the leader. */
    STANDBY,
    /** This node has the slot and tells what it reads. */
    LEADER
  }

  static final WalState STOPPED = new WalState(Phase.STOPPED, null, null);

  WalState in(Phase newPhase, @Nullable String newReason) {
    return new WalState(newPhase, newReason, lastHorizonAt);
  }

  WalState withHorizonAt(Instant time) {
    return new WalState(phase, reason, time);
  }
}
