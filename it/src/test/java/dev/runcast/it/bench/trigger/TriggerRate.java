package dev.runcast.it.bench.trigger;

import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.Section;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.Tenant;
import dev.runcast.it.bench.load.Load;
import dev.runcast.it.bench.process.Programs;
import dev.runcast.it.bench.process.Usage;
import dev.runcast.it.bench.report.Cost;
import dev.runcast.it.bench.report.Figure;
import dev.runcast.it.bench.report.Report;
import dev.runcast.it.bench.report.Rounds;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;

/** Triggers a second at 32 connections. */
public final class TriggerRate implements Section {
  private static final int CONNECTIONS = 32;
  private static final int ROUNDS = 3;
  private static final int WARM_UP_MILLIS = 5_000;
  private static final int ROUND_MILLIS = 3_000;
  private static final double AIM = 0.5;

  @Override
  public void run(Ground ground, Report report) {
    Optional<Path> program = Programs.ofPostgres("pgbench");
    if (program.isEmpty()) {
      report.skip(
          "the rate of triggers, for pgbench is not installed"
              + " (Debian: apt-get install postgresql-contrib).");
      return;
    }
    Service service = ground.service();
    Pgbench pgbench = new Pgbench(program.get(), ground, service.environment(), CONNECTIONS);
    Load load = Load.start("load-triggers", ground.children());
    JsonObject warm = trigger(load, service, WARM_UP_MILLIS);
    Rounds rounds = new Rounds();
    Usage before = service.usage();
    Usage loadBefore = load.usage();
    JsonObject last = warm;
    for (int i = 0; i < ROUNDS; i++) {
      double theirs = pgbench.perSecond(ROUND_MILLIS / 1000);
      last = trigger(load, service, ROUND_MILLIS);
      rounds.add(last.getDouble("perSecond"), theirs);
    }
    Cost cost =
        Cost.of("service", service.usage().since(before))
            .and("load", load.usage().since(loadBefore));
    load.stop();
    report.add(figure(rounds, cost, last));
  }

  private static JsonObject trigger(Load load, Service service, int millis) {
    JsonObject request =
        new JsonObject()
            .put("path", "/api/v1/tasks/bench/trigger")
            .put("token", Tenant.SERVICE_KEY)
            .put("body", "{\"payload\":{\"pad\":\"" + Pgbench.PAD + "\"}}");
    return load.post(service.port(), CONNECTIONS, millis, request);
  }

  private static Figure figure(Rounds rounds, Cost cost, JsonObject last) {
    return new Figure(
        "triggers at 32 connections",
        "runs/s",
        rounds.ours(),
        new Figure.Baseline("pgbench", rounds.baseline(), rounds.ratio()),
        Figure.Target.atLeast(">= " + AIM, rounds.ratio(), AIM),
        cost,
        "Limited by the processor: the service, Postgres and the clients share its cores.",
        last.copy().put("ratios", new JsonArray(rounds.ratios())));
  }
}
