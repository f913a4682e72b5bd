package dev.runcast.it.bench.wal;

import dev.runcast.it.bench.BenchDatabase;
import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.RowShape;
import dev.runcast.it.bench.Section;
import dev.runcast.it.bench.Tenant;
import dev.runcast.it.bench.process.Child;
import dev.runcast.it.bench.process.Programs;
import dev.runcast.it.bench.process.Usage;
import dev.runcast.it.bench.report.Cost;
import dev.runcast.it.bench.report.Figure;
import dev.runcast.it.bench.report.Report;
import dev.runcast.it.bench.report.Rounds;
import dev.runcast.it.harness.Await;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows a second from the slot to a routed change. */
public final class WalRate implements Section {
  private static final int TRANSACTIONS = 600;
  private static final int ROWS_EACH = 200;
  private static final int ROWS = TRANSACTIONS * ROWS_EACH;
  private static final int WARM_UPS = 2;
  private static final int ROUNDS = 3;
  private static final double AIM = 0.9;
  private static final String SOURCE = "bench_wal";

  @Override
  public void run(Ground ground, Report report) {
    Optional<Path> baseline = Programs.ofPostgres("pg_recvlogical");
    if (baseline.isEmpty()) {
      report.skip(
          "the rate of reading the log, for pg_recvlogical is not installed"
              + " (Debian: apt-get install postgresql-client).");
      return;
    }
    String end = fill(ground.database());
    Child tail = tail(ground);
    for (int i = 0; i < WARM_UPS; i++) {
      ours(ground.database(), tail);
    }
    double idle = theirs(ground, baseline.get(), "0/1");
    Rounds rounds = new Rounds();
    Usage before = tail.usage();
    for (int i = 0; i < ROUNDS; i++) {
      double theirs = theirs(ground, baseline.get(), end) - idle;
      rounds.add(ROWS / ours(ground.database(), tail), ROWS / theirs);
    }
    report.add(figure(rounds, tail.usage().since(before)));
    tail.close();
    drop(ground.database(), SOURCE);
  }

  private static Figure figure(Rounds rounds, Usage used) {
    return new Figure(
        "log to routed change, 256 B rows",
        "rows/s",
        rounds.ours(),
        new Figure.Baseline("pg_recvlogical", rounds.baseline(), rounds.ratio()),
        Figure.Target.atLeast(">= " + AIM, rounds.ratio(), AIM),
        Cost.of("tail and hub, " + ROUNDS + " rounds", used),
        "Limited by the walsender, one Postgres process that decodes and prints every row; the"
            + " reader keeps up with it on less than a core.",
        new JsonObject().put("rows", ROWS).put("ratios", new JsonArray(rounds.ratios())));
  }

  /** Writes the log that all read; the place where it ends. */
  private static String fill(BenchDatabase database) {
    String environment = RowShape.ENVIRONMENT.value();
    Tenant.createWithoutKey(database, environment);
    database.insertRuns(environment, "run_w", ROWS_EACH, RowShape.SMALL.metadata());
    database.run("select pg_create_logical_replication_slot(?, 'pgoutput')", SOURCE);
    database.run(
        """
        do $$ begin
          for i in 1..%d loop
            update run set attempt_count = i where environment_id = '%s' and id like 'run\\_w%%';
            commit;
          end loop;
        end $$"""
            .formatted(TRANSACTIONS, environment));
    return database.run("select pg_current_wal_insert_lsn()");
  }

  private static Child tail(Ground ground) {
    List<String> flags = new ArrayList<>(ground.installation().jvmFlags());
    flags.addAll(Ground.FIXED_HEAP);
    return ground
        .children()
        .java("tail", flags, Map.of("DATABASE_URL", ground.database().url()), TailMain.class);
  }

  private static double ours(BenchDatabase database, Child tail) {
    String slot = copy(database);
    JsonObject command = new JsonObject().put("slot", slot).put("rows", ROWS);
    double seconds = new JsonObject(tail.ask(command.encode())).getDouble("seconds");
    drop(database, slot);
    return seconds;
  }

  private static double theirs(Ground ground, Path program, String end) {
    String slot = copy(ground.database());
    List<String> command =
        List.of(
            program.toString(),
            "--start",
            "--dbname=" + ground.database().address().database(),
            "--slot=" + slot,
            "--endpos=" + end,
            "--no-loop",
            "--file=/dev/null",
            "--option=proto_version=1",
            "--option=publication_names=runcast",
            "--option=messages=true");
    long began = System.nanoTime();
    Child reader = ground.children().start("pg_recvlogical", command, ground.database().libpq());
    if (reader.exitCode() != 0) {
      throw new IllegalStateException("pg_recvlogical failed; see its log");
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    drop(ground.database(), slot);
    return seconds;
  }

  private static String copy(BenchDatabase database) {
    String slot = SOURCE + "_copy";
    database.run("select pg_copy_logical_replication_slot(?, ?)", SOURCE, slot);
    return slot;
  }

  /** Once Postgres has noticed that its reader is gone. */
  private static void drop(BenchDatabase database, String slot) {
    Await.until(
        "the slot " + slot + " to be let go of",
        () -> {
          database.run("select pg_drop_replication_slot(?)", slot);
          return true;
        });
  }
}
