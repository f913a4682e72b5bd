package dev.runcast.hub.log;

import dev.runcast.run.ChangeBatch;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import org.jspecify.annotations.Nullable;

/**
 * Follows the chain of batches: each names the place where the one before it ended. Owned by the
 * hub's event loop.
 */
public final class Lineage {

  /** How a batch stands to what came before it. */
  public enum Verdict {
    /** The first batch that this hub hears: what came before it is unknown. */
    FIRST,
    /** It goes on where the last one ended, or repeats a part of it. */
    CONTINUE,
    /**
     * Like CONTINUE, from a new replication session: transaction ids may have been given out anew.
     */
    NEW_SESSION,
    /** Something between the last one and this one was not heard. */
    GAP,
    /** Another history of the slot begins. */
    NEW_INCARNATION,
    /** Nothing new, or news of a history that is over. */
    DUPLICATE
  }

  private @Nullable Incarnation incarnation;
  private long session;
  private long sessionsHeard;
  private Lsn last = Lsn.ZERO;

  @Nullable Incarnation incarnation() {
    return incarnation;
  }

  /** The place up to which everything was heard. */
  Lsn last() {
    return last;
  }

  /** The newest replication session heard of in this history; on any node it is told the same. */
  long session() {
    return session;
  }

  /** Counts the replication sessions heard of, over all histories. */
  long sessionsHeard() {
    return sessionsHeard;
  }

  /** Judges a batch and moves to its start; {@link #advance} then moves along its entries. */
  Verdict follow(ChangeBatch batch) {
    Verdict verdict = judge(batch);
    if (verdict == Verdict.FIRST || verdict == Verdict.NEW_INCARNATION) {
      incarnation = batch.incarnation();
      enter(batch.session());
      last = batch.prev();
    } else if (verdict != Verdict.DUPLICATE && batch.session() > session) {
      enter(batch.session());
    }
    return verdict;
  }

  private void enter(long newer) {
    session = newer;
    sessionsHeard++;
  }

  /** Moves on; a place that was already reached changes nothing. */
  void advance(Lsn lsn) {
    if (lsn.isAfter(last)) {
      last = lsn;
    }
  }

  private Verdict judge(ChangeBatch batch) {
    if (incarnation == null) {
      return Verdict.FIRST;
    }
    if (!batch.incarnation().equals(incarnation)) {
      return incarnation.isAfter(batch.incarnation()) ? Verdict.DUPLICATE : Verdict.NEW_INCARNATION;
    }
    boolean newSession = batch.session() > session;
    if (!batch.last().isAfter(last) && !newSession) {
      return Verdict.DUPLICATE;
    }
    if (batch.prev().isAfter(last)) {
      return Verdict.GAP;
    }
    return newSession ? Verdict.NEW_SESSION : Verdict.CONTINUE;
  }
}
