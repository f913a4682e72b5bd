package dev.runcast.http.dev;

import dev.runcast.engine.execution.Dequeuing.Asker;
import dev.runcast.store.Database;
import dev.runcast.store.worker.WorkerTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes that workers are there, by their asking for runs, so that people can be told whether a run
 * that waits has anybody to wait for. Workers ask several times a second; it is written every few.
 * Belongs to one event loop.
 */
final class Contacts {
  private static final Logger log = LoggerFactory.getLogger(Contacts.class);
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final int MOST = 1_000;

  private final Database database;
  private final InstantSource clock;

  /** When each was written last, those first of whom that is the longest ago. */
  private final Map<String, Instant> written = new LinkedHashMap<>();

  Contacts(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Somebody asks for runs. */
  void heard(Asker asker) {
    String worker = asker.worker();
    if (worker == null || !isDue(asker.environment().value() + " " + worker)) {
      return;
    }
    // What could not be written is written with what they ask next.
    new WorkerTable(database.autocommit())
        .hear(asker.environment(), worker)
        .onFailure(cause -> log.debug("contact not noted cause={}", cause.toString()));
  }

  private boolean isDue(String who) {
    Instant now = clock.instant();
    Instant before = written.get(who);
    if (before != null && before.plus(EVERY).isAfter(now)) {
      return false;
    }
    written.remove(who);
    written.put(who, now);
    if (written.size() > MOST) {
      written.remove(written.keySet().iterator().next());
    }
    return true;
  }
}
