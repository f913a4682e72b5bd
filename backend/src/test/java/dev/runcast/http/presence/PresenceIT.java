package dev.runcast.http.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.EnvironmentId;
import dev.runcast.testing.Await;
import dev.runcast.testing.DueDatabase;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is there is written down every few seconds, however often they ask. */
class PresenceIT {
  private static final EnvironmentId ENVIRONMENT = new EnvironmentId("env");
  private static final String LONG_AGO = "update presence set heard_at = '2000-01-01'";

  private DueDatabase db;
  private Presence presence;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @BeforeEach
  void open() {
    db = DueDatabase.open();
    presence = new Presence(db.database(), () -> now);
  }

  @AfterEach
  void close() {
    db.close();
  }

  private void awaitHeard(String queue) {
    Await.until(
        queue + " to be heard of",
        () ->
            db.texts("select queue from presence where heard_at > now() - interval '1 h'")
                .contains(queue));
  }

  @Test
  void notEachRequestIsAWrite() {
    presence.ofQueue(ENVIRONMENT, "a");
    awaitHeard("a");
    db.execute(LONG_AGO);

    now = now.plusSeconds(4);
    presence.ofQueue(ENVIRONMENT, "a");
    presence.ofQueue(ENVIRONMENT, "b");
    awaitHeard("b");
    assertThat(db.texts("select queue from presence where heard_at < '2001-01-01'"))
        .containsExactly("a");

    now = now.plusSeconds(2);
    presence.ofQueue(ENVIRONMENT, "a");
    awaitHeard("a");
  }

  @Test
  void ofBuildsThoseThatThereAreAreNoted() {
    db.execute(
        """
        insert into worker (environment_id, id, number, version, content_hash)
          select 'env', 'worker_' || n, n, n::text, '' from generate_series(1, 3) n""");

    presence.ofBuilds(ENVIRONMENT, List.of("worker_1", "worker_3", "worker_4"));
    presence.ofQueue(ENVIRONMENT, "a");

    awaitHeard("a");
    Await.until(
        "the builds to be heard of",
        () ->
            db.texts("select worker_id from presence where worker_id <> '' order by 1")
                .equals(List.of("worker_1", "worker_3")));
  }
}
