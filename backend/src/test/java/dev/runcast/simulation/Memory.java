package dev.runcast.simulation;

import dev.runcast.run.RunId;
import dev.runcast.run.place.Cursor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What of a client survives a reload.
 *
 * @param seen what a full read under way has given so far; null if none is
 * @param joined the place in the log from which on it was promised to hear everything
 */
record Memory(
    Map<RunId, Held> rows, HeldChunks chunks, Cursor cursor, Set<RunId> seen, long joined) {

  Memory {
    rows = new HashMap<>(rows);
    seen = seen == null ? null : new HashSet<>(seen);
  }

  Memory with(Cursor newer) {
    return new Memory(rows, chunks, newer, seen, joined);
  }

  Memory joining(long place) {
    return new Memory(rows, chunks, cursor, seen, place);
  }

  Memory copy() {
    return new Memory(rows, chunks.copy(), cursor, seen, joined);
  }

  Memory withSeen(Set<RunId> given) {
    return new Memory(rows, chunks, cursor, given, joined);
  }

  boolean isInFullRead() {
    return seen != null || (cursor != null && cursor.page() != null && cursor.page().full());
  }
}
