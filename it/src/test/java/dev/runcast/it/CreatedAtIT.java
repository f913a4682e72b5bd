package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import org.junit.jupiter.api.Test;

/** {@code createdAt=}: a bound on age that is told relative to now and then stays where it is. */
class CreatedAtIT {
  private final RunWriter sql = Shared.sql();
  private final String tag = name("aged");

  @Test
  void showsOnlyRunsThatAreYoungEnough() {
    String young = insertAged("10 minutes");
    String old = insertAged("2 hours");
    try (SseProbe probe = Shared.node().follow(path("1h")).awaitLive()) {
      assertThat(probe.runs()).containsExactly(young);

      sql.update(old, "status = 'EXECUTING'");
      sql.update(young, "status = 'EXECUTING'");
      probe.awaitStatus(young, "EXECUTING");
      String older = insertAged("61 minutes");
      String fresh = insertAged("0 minutes");
      probe.await("the fresh run", known -> known.get(fresh) != null);

      assertThat(probe.runs()).contains(young, fresh).doesNotContain(old, older);
    }
  }

  @Test
  void keepsTheBoundOfTheFirstRequestWhenComingBack() {
    String id = insertAged("0 seconds");
    try (SseProbe probe = Shared.node().follow(path("15s")).awaitLive()) {
      assertThat(probe.runs()).containsExactly(id);

      Await.until(
          "the run to be older than the bound",
          () ->
              sql.database()
                  .single(
                      "select created_at < now() - interval '16 seconds' from run where id = ?", id)
                  .equals("t"));
      sql.update(id, "status = 'EXECUTING'");
      probe.awaitStatus(id, "EXECUTING");
      probe.cut();
      sql.update(id, "status = 'COMPLETED_SUCCESSFULLY'");
      probe.connect().awaitStatus(id, "COMPLETED");

      try (SseProbe newcomer = Shared.node().follow(path("15s")).awaitLive()) {
        assertThat(newcomer.runs()).isEmpty();
      }
    }
  }

  @Test
  void refusesWhatIsNoLengthOfTime() {
    try (SseProbe probe = Shared.node().follow("/realtime/v1/runs?createdAt=yesterday")) {
      assertThat(probe.awaitRefusal().status()).isEqualTo(400);
      assertThat(probe.awaitRefusal().json().path("param").asText()).isEqualTo("createdAt");
    }
  }

  private String path(String age) {
    return "/realtime/v1/runs?tags=" + tag + "&createdAt=" + age;
  }

  private String insertAged(String age) {
    String id = name("run");
    sql.transact(
        transaction ->
            transaction.execute(
                "insert into run (environment_id, id, task_identifier, tags, created_at)"
                    + " values (?, ?, 'it-task', array[?::text], clock_timestamp() - ?::interval)",
                sql.environment(),
                id,
                tag,
                age));
    return id;
  }
}
