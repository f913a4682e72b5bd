package dev.runcast.simulation;

import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.run.revocation.Revocation;
import dev.runcast.store.revocation.RevocationReads.Read;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The table of revocations, of which each token has one at most. */
final class ModelRevocations {

  /** A revocation that has reached the log. */
  static final class Stored {
    final Revocation revocation;
    final long xid;
    final Position position;

    /** How long the log was when it became visible: what was committed later is for nobody. */
    long visibleAt = Long.MAX_VALUE;

    private Stored(Revocation revocation, long xid, Position position) {
      this.revocation = revocation;
      this.xid = xid;
      this.position = position;
    }
  }

  private final Map<String, Stored> byJti = new HashMap<>();

  /** Those that a restore has taken back: nodes that run on may know of them. */
  private final Set<String> undone = new HashSet<>();

  static Revocation of(Bearer token) {
    return new Revocation(
        new Revocation.Identity(
            token.environment(), Revocation.Kind.TOKEN, String.valueOf(jti(token))),
        null,
        null,
        Instant.EPOCH);
  }

  private static String jti(Bearer bearer) {
    return bearer.token() == null ? null : bearer.token().jti();
  }

  /** What is said again changes nothing. */
  void flushed(Revocation revocation, long xid, Position position) {
    byJti.putIfAbsent(revocation.identity().subject(), new Stored(revocation, xid, position));
  }

  void becomesVisible(long xid, long logSize) {
    byJti.values().stream()
        .filter(stored -> stored.xid == xid && stored.visibleAt == Long.MAX_VALUE)
        .forEach(stored -> stored.visibleAt = logSize);
  }

  void restore(int entries) {
    for (Stored stored : List.copyOf(byJti.values())) {
      if (stored.position.lsn().value() > entries) {
        byJti.remove(stored.revocation.identity().subject());
        undone.add(stored.revocation.identity().subject());
      } else {
        stored.visibleAt = Math.min(stored.visibleAt, entries);
      }
    }
  }

  Read read(Visibility snapshot, long since) {
    List<Revocation> shown = new ArrayList<>();
    for (Stored stored : byJti.values()) {
      if (stored.xid >= since && snapshot.shows(stored.xid)) {
        shown.add(stored.revocation);
      }
    }
    return new Read(snapshot, shown);
  }

  /** What has reached the log of it; null if nothing has. */
  Stored stored(Bearer bearer) {
    return byJti.get(jti(bearer));
  }

  /** Whether it was, in a history that is over. */
  boolean wasUndone(Bearer bearer) {
    return undone.contains(jti(bearer));
  }
}
