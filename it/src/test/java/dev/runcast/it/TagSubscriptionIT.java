package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.NewRun;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The feed of the runs that carry all of some tags. */
class TagSubscriptionIT {
  private final RunWriter sql = Shared.sql();

  @ParameterizedTest
  @ValueSource(strings = {"?tags=%s,%s", "?tag=%s&tag=%s"})
  void showsTheRunsThatCarryAllTags(String query) {
    String user = name("user:");
    String order = name("order:");
    String both = sql.insert(run().tagged(user, order));
    sql.insert(run().tagged(user));
    String path = "/realtime/v1/runs" + query.formatted(encode(user), encode(order));

    try (SseProbe probe = Shared.node().follow(path).awaitLive()) {
      assertThat(probe.runs()).containsExactly(both);

      sql.insert(run().tagged(order));
      String later = sql.insert(run().tagged(order, "between", user));
      sql.update(later, "status = 'EXECUTING'");

      probe.awaitStatus(later, "EXECUTING");
      assertThat(probe.table()).isEqualTo(sql.rows("id in (?, ?)", both, later)).hasSize(2);
    }
  }

  @Test
  void tellsARunWholeWhenItEntersByATag() {
    String tag = name("vip");
    String id = sql.insert(run().tagged("plain").carrying(NewRun.wideJson(20_000)));
    try (SseProbe probe =
        Shared.node().follow("/realtime/v1/runs?tags=" + encode(tag)).awaitLive()) {

      sql.update(id, "tags = tags || ?", tag);

      probe.await("the run to enter", known -> known.get(id) != null);
      assertThat(probe.table()).isEqualTo(sql.rows("id = ?", id));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"user:7:é日本", "two words", "a,b", "100%&+?#", "\"quoted\"\\", "{x}"})
  void takesTagsWithAnyCharacters(String text) {
    String tag = text + name("_");
    String id = sql.insert(run().tagged(tag));
    try (SseProbe probe =
        Shared.node().follow("/realtime/v1/runs?tag=" + encode(tag)).awaitLive()) {
      sql.update(id, "status = 'EXECUTING'");
      probe.awaitStatus(id, "EXECUTING");

      assertThat(probe.runs()).containsExactly(id);
    }
  }

  @Test
  void startsEmptyAndIsLive() {
    try (SseProbe probe = Shared.node().follow("/realtime/v1/runs?tags=" + name("nobody"))) {
      probe.awaitLive();

      assertThat(probe.runs()).isEmpty();
    }
  }

  private static String encode(String tag) {
    return SseProbe.encode(tag);
  }
}
