package dev.runcast.it.bench.connection;

import dev.runcast.it.bench.BenchDatabase;
import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.Pace;
import dev.runcast.it.bench.Section;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.process.Usage;
import dev.runcast.it.bench.report.Cost;
import dev.runcast.it.bench.report.Figure;
import dev.runcast.it.bench.report.Report;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A batch of a hundred thousand runs of which two thousand a second change their status, and one
 * subscriber that wants to know how many are in each: how old what it was told last is at the most,
 * and how many bytes that takes, beside a batch of ten.
 */
public final class CountsOnly implements Section {
  private static final int LARGE = 100_000;
  private static final int SMALL = 10;
  private static final Pace PACE = new Pace(2_000, Duration.ofSeconds(12));
  private static final Pace WARM_UP = new Pace(2_000, Duration.ofSeconds(3));
  private static final double STALE_AIM = 300;
  private static final double KB_AIM = 5;

  private record Measured(CountsReader.Heard heard, double cpuSeconds) {
    double kilobytesPerSecond() {
      return heard.bytes() / 1024.0 / PACE.length().toSeconds();
    }

    double staleness() {
      return CountsReader.Heard.p99(heard.staleness());
    }
  }

  @Override
  public void run(Ground ground, Report report) {
    Service service = ground.service();
    seed(ground.database(), service.environment(), "batch_bench_small", SMALL);
    seed(ground.database(), service.environment(), "batch_bench_large", LARGE);
    Usage before = service.usage();
    Measured small = measure(ground, service, "batch_bench_small", SMALL);
    Measured large = measure(ground, service, "batch_bench_large", LARGE);
    Cost cost = Cost.of("service", service.usage().since(before));
    report.add(
        new Figure(
            "counts of a batch of 100,000, 2,000 changes/s, age of the last at most, p99",
            "ms",
            large.staleness(),
            new Figure.Baseline("a batch of ten", small.staleness(), ratio(large, small)),
            Figure.Target.atMost("<= 300 ms", large.staleness(), STALE_AIM),
            cost,
            "Limited by the 200 ms that lie between two of them at the least.",
            new JsonObject()
                .put("events", large.heard.lateness().size())
                .put("p99SinceTheNewestCommit", CountsReader.Heard.p99(large.heard.lateness()))
                .put("cpuSeconds", large.cpuSeconds)
                .put("cpuSecondsOfABatchOfTen", small.cpuSeconds)));
    report.add(
        new Figure(
            "the same, bytes to the subscriber",
            "KB/s",
            large.kilobytesPerSecond(),
            new Figure.Baseline(
                "a batch of ten",
                small.kilobytesPerSecond(),
                large.kilobytesPerSecond() / small.kilobytesPerSecond()),
            Figure.Target.atMost("< 5 KB/s", large.kilobytesPerSecond(), KB_AIM),
            Cost.NONE,
            "Five events a second at the most, whatever changes.",
            new JsonObject()));
  }

  private static double ratio(Measured large, Measured small) {
    return large.staleness() / small.staleness();
  }

  private static void seed(BenchDatabase database, String environment, String batch, int runs) {
    database.run(
        "insert into batch (environment_id, id, run_count) values (?, ?, ?)",
        environment,
        batch,
        runs);
    database.run(
        """
        insert into run (environment_id, id, task_identifier, status, payload, payload_type, queue,
          batch_id)
        select ?, ? || '_' || i, 'bench', 'PENDING', '{}', 'application/json', 'task/bench', ?
        from generate_series(0, ? - 1) i""",
        environment,
        "run_of_" + batch,
        batch,
        runs);
  }

  private static Measured measure(Ground ground, Service service, String batch, int runs) {
    String path = "/realtime/v1/batches/" + batch + "?include=counts&rows=none";
    try (CountsReader reader = new CountsReader(service, path);
        Turner turner = new Turner(ground.database(), service.environment(), batch, runs)) {
      reader.awaitCounts();
      WARM_UP.run(turner::turn);
      reader.reset();
      Usage before = service.usage();
      PACE.run(turner::turn);
      return new Measured(reader.heard(), service.usage().since(before).cpuSeconds());
    }
  }

  /** Has runs of a batch wait that execute, and execute that wait, one after the other. */
  private static final class Turner implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement update;
    private final String prefix;
    private final int runs;
    private long turned;

    Turner(BenchDatabase database, String environment, String batch, int runs) {
      this.prefix = "run_of_" + batch + "_";
      this.runs = runs;
      try {
        connection = database.connect();
        update =
            connection.prepareStatement(
                """
                update run set
                  status = case status when 'EXECUTING' then 'WAITING_TO_RESUME' else 'EXECUTING' end
                where environment_id = ? and id = any(?)""");
        update.setString(1, environment);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    void turn(int due) {
      try {
        for (int left = due; left > 0; ) {
          // A statement updates a row once only.
          int now = Math.min(left, runs);
          String[] ids = new String[now];
          for (int i = 0; i < now; i++) {
            ids[i] = prefix + turned++ % runs;
          }
          update.setArray(2, connection.createArrayOf("text", ids));
          update.executeUpdate();
          left -= now;
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      try {
        connection.close();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
