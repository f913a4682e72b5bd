package dev.runcast.engine.due;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.engine.Ids;
import dev.runcast.engine.TriggerOrder;
import dev.runcast.engine.Triggers;
import dev.runcast.engine.Triggers.Triggered;
import dev.runcast.engine.debounce.Debounce;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.table.NewRun;
import dev.runcast.testing.DueDatabase;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A trigger that comes at the moment at which the delay of the run before it ends. */
class DebounceRaceIT {
  private static final int ROUNDS = 40;

  private final Triggers triggers = new Triggers(InstantSource.system());
  private DueDatabase db;

  @BeforeEach
  void open() {
    db = DueDatabase.open();
  }

  @AfterEach
  void close() {
    db.close();
  }

  private Future<Triggered> trigger(String key) {
    Instant until = Instant.now().truncatedTo(ChronoUnit.MILLIS).plusSeconds(3600);
    NewRun run =
        new NewRun(
            new EnvironmentId("env"),
            Ids.run(),
            RunStatus.DELAYED,
            "t",
            List.of(),
            new NewRun.Origin(null, null, null, "trigger"),
            new NewRun.Traits(
                null, null, null, null, null, until, null, new NewRun.Bounds(0, null, null, false)),
            new NewRun.Contents(null, null, null, null, null, null, null));
    TriggerOrder order =
        new TriggerOrder(run, null, null, null, new Debounce(key, until, null, false, 10));
    return db.database().transaction(transaction -> triggers.trigger(transaction, order));
  }

  @Test
  void eitherPushesTheRunOrMakesANewOne() {
    for (int round = 0; round < ROUNDS; round++) {
      String key = "k" + round;
      String first = await(trigger(key)).run().value();
      db.execute(
          """
          update run set delay_until = now() - interval '1 s' where id = '%1$s';
          update due set at = now() - interval '1 s' where ref = '%1$s'"""
              .formatted(first));

      Future<Triggered> second;
      Future<Boolean> ended;
      if (round % 2 == 0) {
        second = trigger(key);
        ended = new DueRuns(db.database(), 100).enqueue();
      } else {
        ended = new DueRuns(db.database(), 100).enqueue();
        second = trigger(key);
      }
      await(ended);
      String led = await(second).run().value();

      boolean pushed = led.equals(first);
      assertThat(db.statusOf(first)).as(key).isEqualTo(pushed ? "DELAYED" : "PENDING");
      assertThat(db.statusOf(led)).as(key).isEqualTo("DELAYED");
      assertThat(
              db.texts(
                  "select ref from due where kind = 'DELAY' and ref in ('%s', '%s')"
                      .formatted(first, led)))
          .as(key)
          .containsExactly(led);
      assertThat(db.text("select run_id from debounce where key = '" + key + "'")).isEqualTo(led);
      assertThat(db.text("select delay_until > now() from run where id = '" + led + "'"))
          .isEqualTo("t");
    }
    assertThat(db.text("select count(*) from run where status = 'DELAYED'"))
        .isEqualTo(String.valueOf(ROUNDS));
  }
}
