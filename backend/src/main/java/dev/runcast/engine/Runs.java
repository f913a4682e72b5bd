package dev.runcast.engine;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Transaction;
import dev.runcast.store.execution.ExecutionTable;
import dev.runcast.store.table.DueTable;
import dev.runcast.store.table.DueTable.Due;
import dev.runcast.store.table.LockedRun;
import dev.runcast.store.table.RunTable;
import dev.runcast.store.table.RunUpdate;
import dev.runcast.store.table.Written;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Changes runs. Stateless; every call works within the transaction it is given. */
public final class Runs {
  /**
   * A run after a change.
   *
   * @param metadata as it is now; null for none
   * @param position the xid of the transaction that changed it; null when nothing changed
   */
  public record Changed(
      RunId run,
      long version,
      RunStatus status,
      @Nullable String metadata,
      @Nullable Long position) {}

  /**
   * Which run is to be changed, and who may: it throws for who may not, and the change fails. It is
   * also asked for a parent and a root whose metadata are to change.
   */
  public record Subject(EnvironmentId environment, RunId run, Consumer<LockedRun> guard) {}

  private final Limits limits;
  private final RunMetadata metadata;

  public Runs(Limits limits) {
    this.limits = limits;
    this.metadata = new RunMetadata(limits);
  }

  /**
   * Makes a change. Operations on the metadata of a parent or root that has finished are dropped,
   * for a finished run does not change; those of a run that has none are for itself.
   *
   * <p>Fails with a {@link RefusedException} when there is no such run, its version is another than
   * expected, its status does not allow the change, or a limit is passed.
   */
  public Future<Changed> change(Transaction transaction, Subject subject, RunChange change) {
    return lock(transaction, subject)
        .compose(run -> changeLocked(transaction, subject, run, change));
  }

  /**
   * Makes a change that a worker of another kind than the engine's tells. Besides what {@link
   * #change} fails with, it fails for a run that the engine has given to one of its own.
   */
  public Future<Changed> work(Transaction transaction, Subject subject, RunChange change) {
    return lock(transaction, subject)
        .compose(
            run ->
                requireFree(transaction, run)
                    .compose(free -> changeLocked(transaction, subject, run, change)));
  }

  private static Future<Void> requireFree(Transaction transaction, LockedRun run) {
    if (Transitions.UNTOUCHED.contains(run.status()) || run.status().isFinal()) {
      return Future.succeededFuture();
    }
    return new ExecutionTable(transaction)
        .keeper(run.environment(), run.id())
        .map(
            keeper ->
                switch (keeper) {
                  case NOBODY -> null;
                  case LEASE ->
                      throw RefusedException.unprocessable(
                          "lease",
                          "This run is claimed: who has claimed it names its lease in the body, and"
                              + " alone tells how it goes on; others can cancel and tag it and"
                              + " change its metadata.");
                  case ENGINE ->
                      throw RefusedException.unprocessable(
                          "status",
                          "The engine has given this run to a worker, which alone tells how it goes"
                              + " on; it can be cancelled, tagged, and its metadata changed.");
                });
  }

  /** Makes a change to a run that the caller has locked, and may change. */
  public Future<Changed> changeHeld(Transaction transaction, LockedRun run, RunChange change) {
    Subject subject = new Subject(run.environment(), run.id(), anybody -> {});
    return changeLocked(transaction, subject, run, change);
  }

  /** Cancels a run; one that has finished is left as it is. */
  public Future<Changed> cancel(Transaction transaction, Subject subject) {
    return lock(transaction, subject)
        .compose(
            run ->
                run.status().isFinal()
                    ? Future.succeededFuture(unchanged(run))
                    : changeLocked(
                        transaction, subject, run, RunChange.ofStatus(RunStatus.CANCELED)));
  }

  /** Puts off a run that is still delayed, and its expiry with it. */
  public Future<Changed> reschedule(Transaction transaction, Subject subject, Instant until) {
    return lock(transaction, subject).compose(run -> rescheduleLocked(transaction, run, until));
  }

  private static Future<Changed> rescheduleLocked(
      Transaction transaction, LockedRun run, Instant until) {
    if (run.status() != RunStatus.DELAYED) {
      throw RefusedException.unprocessable(
          "delay",
          "Only a run in status DELAYED can be rescheduled; this one is %s."
              .formatted(run.status().name()));
    }
    DueTable table = new DueTable(transaction);
    Due due = new Due(DueTable.Kind.DELAY, run.environment(), run.id().value(), until);
    return table
        .postponeExpiry(run.environment(), run.id(), until)
        .compose(done -> table.put(List.of(due)))
        .compose(done -> update(transaction, run, new RunUpdate().delayUntil(until)))
        .map(
            written ->
                new Changed(
                    run.id(), written.version(), run.status(), run.metadata(), written.xid()));
  }

  private static Changed unchanged(LockedRun run) {
    return new Changed(run.id(), run.version(), run.status(), run.metadata(), run.xid());
  }

  private static Future<LockedRun> lock(Transaction transaction, Subject subject) {
    return new RunTable(transaction)
        .lock(subject.environment(), subject.run())
        .map(
            found -> {
              LockedRun run = found.orElseThrow(() -> unknown(subject.run()));
              subject.guard().accept(run);
              return run;
            });
  }

  static RefusedException unknown(RunId run) {
    return RefusedException.unknown("There is no run " + run.value() + " in this environment.");
  }

  private Future<Changed> changeLocked(
      Transaction transaction, Subject subject, LockedRun run, RunChange change) {
    check(run, change);
    RunUpdate update = new RunUpdate();
    RunStatus status = step(run, change.status(), update);
    change.output().ifPresent(output -> update.output(output.text(), output.type()));
    change.error().ifPresent(update::error);
    addTags(run, change.tags(), update);
    String told = metadata.change(run, change.metadata(), update);
    return metadata
        .changeAncestors(transaction, subject, run, change.metadata())
        .compose(done -> update(transaction, run, update))
        .map(
            written ->
                new Changed(
                    run.id(),
                    written.version(),
                    status,
                    told,
                    position(run, written, change.metadata())));
  }

  private static Future<Written> update(Transaction transaction, LockedRun run, RunUpdate update) {
    return update.isEmpty()
        ? Future.succeededFuture(new Written(run.version(), 0))
        : new RunTable(transaction).update(run, update);
  }

  /** Of what was left as it is, where it stands; null where others were written to. */
  private static @Nullable Long position(LockedRun run, Written written, RunChange.Metadata told) {
    if (written.version() != run.version()) {
      return written.xid();
    }
    return told.parent().isEmpty() && told.root().isEmpty() ? run.xid() : null;
  }

  private static void check(LockedRun run, RunChange change) {
    Long expected = change.expectedVersion();
    if (expected != null && expected != run.version()) {
      throw RefusedException.stale(expected, run.version());
    }
    if (run.status().isFinal() && change.needsUnfinished()) {
      RunStatus to = change.status() == null ? run.status() : change.status();
      throw RefusedException.unprocessable(
          "status", Transitions.refusal(run.status(), to).orElse(finished(run.status())));
    }
  }

  private static String finished(RunStatus status) {
    return "A run in status %s can't be changed any more: it has finished."
        .formatted(status.name());
  }

  private static RunStatus step(LockedRun run, @Nullable RunStatus to, RunUpdate update) {
    RunStatus from = run.status();
    if (to == null || to == from) {
      return from;
    }
    Optional<String> refusal = Transitions.refusal(from, to);
    if (refusal.isPresent()) {
      throw RefusedException.unprocessable("status", refusal.get());
    }
    update.status(to);
    if (Transitions.starts(from, to)) {
      update.started();
    }
    if (to == RunStatus.PENDING) {
      update.queued();
    }
    if (to == RunStatus.PENDING && from == RunStatus.DEQUEUED) {
      update.unbound();
    }
    if (to == RunStatus.EXPIRED) {
      update.expired();
    }
    if (to.isFinal()) {
      update.finished();
    }
    return to;
  }

  private void addTags(LockedRun run, List<String> added, RunUpdate update) {
    Set<String> tags = new LinkedHashSet<>(run.tags());
    if (!tags.addAll(added)) {
      return;
    }
    if (tags.size() > limits.tags()) {
      throw RefusedException.unprocessable(
          "tags",
          "A run can have at most %d tags; this one has %d and would have %d."
              .formatted(limits.tags(), run.tags().size(), tags.size()));
    }
    update.tags(new ArrayList<>(tags));
  }
}
