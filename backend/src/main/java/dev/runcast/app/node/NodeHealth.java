package dev.runcast.app.node;

import dev.runcast.cluster.ChangeBus;
import dev.runcast.metrics.Metrics;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.place.Lsn;
import dev.runcast.store.Database;
import dev.runcast.wal.WalState;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether this node can serve: the database answers, and horizons arrive. It listens on the bus as
 * the hubs do, whoever leads, and counts what it hears there once for the node.
 */
final class NodeHealth extends VerticleBase {
  private final ChangeBus bus;
  private final Database database;
  private final Supplier<WalState> tail;
  private final Metrics metrics;
  private final Duration staleAfter;
  private final InstantSource clock;

  /** Written on this verticle's context, read by whoever asks. */
  private volatile Instant lastHorizon = Instant.EPOCH;

  private volatile @Nullable Lsn heard;

  NodeHealth(
      ChangeBus bus,
      Database database,
      Supplier<WalState> tail,
      Metrics metrics,
      Duration staleAfter) {
    this.bus = bus;
    this.database = database;
    this.tail = tail;
    this.metrics = metrics;
    this.staleAfter = staleAfter;
    this.clock = InstantSource.system();
  }

  @Override
  public Future<?> start() {
    return bus.subscribe(this::hear);
  }

  /** Why it can't, a sentence each; none when it can. */
  Future<List<String>> notReadyBecause() {
    List<String> reasons = new ArrayList<>();
    tailProblem().ifPresent(reasons::add);
    return database
        .ping()
        .<List<String>>map(reasons)
        .recover(
            e -> {
              reasons.add("The database does not answer: " + e.getMessage());
              return Future.succeededFuture(reasons);
            });
  }

  private Optional<String> tailProblem() {
    if (Duration.between(lastHorizon, clock.instant()).compareTo(staleAfter) <= 0) {
      return Optional.empty();
    }
    WalState state = tail.get();
    String reason = state.reason() == null ? "" : " (" + state.reason() + ")";
    return Optional.of("No news arrives: " + meaning(state.phase()) + reason + ".");
  }

  private static String meaning(WalState.Phase phase) {
    return switch (phase) {
      case STOPPED -> "the tail is stopped";
      case CONNECTING -> "the tail is on its way to Postgres";
      case WAITING_FOR_SLOT -> "the replication slot can't be had yet";
      case STANDBY -> "another node has the replication slot, and nothing comes from there";
      case LEADER -> "the tail reads the log, but no horizon has come back yet";
    };
  }

  /** How far this node has heard the log; empty before it has. From any thread. */
  Optional<String> position() {
    Lsn known = heard;
    return known == null ? Optional.empty() : Optional.of(known.toString());
  }

  private void hear(ChangeBatch batch) {
    heard = batch.last();
    for (ChangeBatch.Entry entry : batch.entries()) {
      if (entry instanceof ChangeBatch.Horizon) {
        lastHorizon = clock.instant();
        metrics.horizonPassed(lastHorizon);
      } else if (entry instanceof ChangeBatch.Committed committed) {
        metrics.changesRouted(
            committed.changes().size(), Duration.between(committed.committedAt(), clock.instant()));
      } else {
        metrics.transactionOversized();
      }
    }
  }
}
