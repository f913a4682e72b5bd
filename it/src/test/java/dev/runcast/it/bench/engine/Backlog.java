package dev.runcast.it.bench.engine;

import dev.runcast.it.bench.BenchDatabase;
import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.Section;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.report.Cost;
import dev.runcast.it.bench.report.Figure;
import dev.runcast.it.bench.report.Report;
import dev.runcast.it.bench.report.Rounds;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * A call that is handed ten runs where a million wait, beside the same in another environment where
 * ten thousand do. Half of them have one of 20,000 concurrency keys. The backlogs are made in SQL:
 * of a run that does not come next, only what the engine looks at.
 */
public final class Backlog implements Section {
  private static final int FEW = 10_000;
  private static final int MANY = 1_000_000;
  private static final int WARM_UP = 20;
  private static final int ROUNDS = 7;
  private static final int CALLS = 10;
  private static final double AIM = 1.5;

  private static final String SEED =
      """
      insert into execution (environment_id, run_id, task, queue, concurrency_key, rank, status,
        description)
      select ?, 'run_backlog' || i, task, 'task/' || task,
        case task when 'bench_keyed' then 'key' || (i / 2) % 20000 else '' end,
        now() - interval '30 d' + i * interval '1 s', 'QUEUED', 'seeded'
      from (select i, case i % 2 when 0 then 'bench_plain' else 'bench_keyed' end as task
        from generate_series(1, ?) i) made""";

  /** The oldest of those without a key, and of each of so many keys. */
  private static final String SEED_RUNS =
      """
      insert into run (environment_id, id, task_identifier, created_at, concurrency_key)
      select environment_id, run_id, task, rank, nullif(concurrency_key, '') from (
        (select * from execution where environment_id = ? and task = 'bench_plain'
          order by rank limit 4000)
        union all
        (select distinct on (concurrency_key) * from execution
          where environment_id = ? and task = 'bench_keyed' order by concurrency_key, rank limit 4000))
        heads""";

  private static final String TAKE_AWAY =
      """
      update execution set status = 'FINISHED'
      where environment_id = ? and status = 'PENDING_EXECUTING'""";

  @Override
  public void run(Ground ground, Report report) {
    Service service = ground.service();
    BenchDatabase database = ground.database();
    Side few = Side.make("few", ground, service, FEW);
    Side many = Side.make("many", ground, service, MANY);
    database.run("vacuum analyze");
    few.median(WARM_UP);
    many.median(WARM_UP);
    Rounds rounds = new Rounds();
    for (int i = 0; i < ROUNDS; i++) {
      if (i % 2 == 0) {
        double theirs = few.median(CALLS);
        rounds.add(many.median(CALLS), theirs);
      } else {
        double ours = many.median(CALLS);
        rounds.add(ours, few.median(CALLS));
      }
    }
    report.add(
        new Figure(
            "to be handed ten runs of 1,000,000 that wait, with 20,000 keys",
            "ms",
            rounds.ours(),
            new Figure.Baseline("of 10,000", rounds.baseline(), rounds.ratio()),
            Figure.Target.atMost("<= " + AIM, rounds.ratio(), AIM),
            Cost.NONE,
            "Limited by round trips to Postgres and commits; the look itself takes a millisecond.",
            new JsonObject().put("ratios", new JsonArray(rounds.ratios()))));
  }

  /** One environment. */
  private record Side(String environment, DevClient client, Connection connection) {

    static Side make(String slug, Ground ground, Service service, int backlog) {
      BenchDatabase database = ground.database();
      DevClient client = DevClient.ofEnvironment(slug, ground, service);
      String environment = database.run("select id from environment where slug = ?", slug);
      client.register("bench_plain", "bench_keyed");
      database.run(SEED, environment, backlog);
      database.run(SEED_RUNS, environment, environment);
      return new Side(environment, client, database.connect());
    }

    /** What it gives is taken away again: only so many runs may be with workers at once. */
    double median(int calls) {
      Times times = new Times();
      for (int i = 0; i < calls; i++) {
        long began = System.nanoTime();
        int given = client.dequeue().size();
        times.since(began);
        if (given != 10) {
          throw new IllegalStateException("handed " + given + " runs in place of ten");
        }
        takeAway();
      }
      return times.median();
    }

    private void takeAway() {
      try (PreparedStatement update = connection.prepareStatement(TAKE_AWAY)) {
        update.setString(1, environment);
        update.executeUpdate();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
