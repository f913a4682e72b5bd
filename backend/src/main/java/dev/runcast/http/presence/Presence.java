package dev.runcast.http.presence;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Database;
import dev.runcast.store.worker.PresenceTable;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes that somebody is there to take runs, so that people can be told whether one that waits has
 * anybody to wait for. Belongs to one event loop.
 */
public final class Presence {
  private static final Logger log = LoggerFactory.getLogger(Presence.class);
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final int MOST = 10_000;

  private final Database database;
  private final InstantSource clock;

  /** When each was written last, those first of whom that is the longest ago. */
  private final Map<Who, Instant> written = new LinkedHashMap<>();

  public Presence(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** One of whom is heard: of a build, or of who claims from a queue. */
  private record Who(EnvironmentId environment, String build, String queue) {}

  /** Somebody who has these builds asks for runs. */
  public void ofBuilds(EnvironmentId environment, Collection<String> builds) {
    List<String> due = new ArrayList<>(builds);
    due.removeIf(build -> !isDue(new Who(environment, build, "")));
    if (!due.isEmpty()) {
      write(table().hearOfBuilds(environment, due));
    }
  }

  /** Somebody claims runs of this queue, or works on one. */
  public void ofQueue(EnvironmentId environment, String queue) {
    if (isDue(new Who(environment, "", queue))) {
      write(table().hearOfQueue(environment, queue));
    }
  }

  private PresenceTable table() {
    return new PresenceTable(database.autocommit());
  }

  /** What could not be written is with what they ask next, in a few seconds. */
  private static void write(Future<Void> writing) {
    writing.onFailure(cause -> log.debug("presence not noted cause={}", cause.toString()));
  }

  private boolean isDue(Who who) {
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
