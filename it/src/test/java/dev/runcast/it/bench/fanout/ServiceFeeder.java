package dev.runcast.it.bench.fanout;

import dev.runcast.it.bench.BenchDatabase;
import dev.runcast.it.bench.Pace;
import dev.runcast.it.bench.RowWriter;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.Tenant;
import dev.runcast.it.bench.load.Load;

/** Writes rows to Postgres, where the whole service hears of them. */
final class ServiceFeeder implements Side.Feeder {
  private static final int EVENTS_BEFORE_LIVE = 3; // retry, snapshot, live

  private final Service service;
  private final BenchDatabase database;

  ServiceFeeder(Service service, BenchDatabase database) {
    this.service = service;
    this.database = database;
  }

  @Override
  public Load.Subscribers subscribers(Scenario scenario) {
    return new Load.Subscribers(
        service.port(),
        scenario.subscribers(),
        scenario.feeds(),
        EVENTS_BEFORE_LIVE,
        Side.path(scenario.shape()),
        Tenant.SERVICE_KEY);
  }

  @Override
  public void prepare(Scenario scenario) {
    database.insertRuns(
        service.environment(), "run_f", scenario.feeds(), scenario.shape().metadata());
  }

  @Override
  public long run(Pace pace, Scenario scenario) {
    try (RowWriter writer =
        new RowWriter(
            database,
            service.environment(),
            "run_f",
            scenario.feeds(),
            scenario.shape().metadata())) {
      return writer.run(pace);
    }
  }
}
