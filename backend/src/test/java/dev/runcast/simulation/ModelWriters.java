package dev.runcast.simulation;

import dev.runcast.run.Column;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.run.stream.StreamKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/** Those who write to Postgres: a few transactions at a time, on a few runs. */
final class ModelWriters {
  private static final List<String> KEYS = List.of("s", "s", "t", "in");

  private final Random random;
  private final ModelPostgres postgres;
  private final Trace trace;

  /** The runs that are written to; one that is deleted makes way for another. */
  private final List<RunId> ids = new ArrayList<>();

  private final double oversizedRate;
  private final double wideRate;
  private final int deletionRate;

  /** How many of a hundred writes are of chunks. */
  private final int chunkRate;

  /**
   * @param chatty whether chunks are most of what is written, to runs that stay for long
   */
  ModelWriters(Random random, ModelPostgres postgres, Trace trace, boolean chatty) {
    this.random = random;
    this.postgres = postgres;
    this.trace = trace;
    for (String name : List.of("a", "b", "c", "d").subList(0, chatty ? 4 : pick(1, 2, 3, 4))) {
      ids.add(new RunId(name));
    }
    oversizedRate = pick(0, 5, 20) / 100.0;
    wideRate = pick(10, 30, 60) / 100.0;
    deletionRate = chatty ? 1 : pick(2, 10, 30);
    chunkRate = chatty ? pick(40, 60) : pick(0, 20, 50);
  }

  void write() {
    List<ModelPostgres.Transaction> open = List.copyOf(postgres.open());
    if (random.nextInt(16) >= 9) {
      any(open).ifPresent(this::writeSomething);
    } else if (open.size() < 4) {
      writeSomething(postgres.begin());
    }
  }

  void end() {
    any(List.copyOf(postgres.open())).ifPresent(this::endTransaction);
  }

  void becomeVisible() {
    any(postgres.committedButInvisible())
        .ifPresent(
            transaction -> {
              trace.add(() -> "xid " + transaction.xid + " becomes visible");
              postgres.becomeVisible(transaction);
            });
  }

  void emitHorizon() {
    trace.add(() -> "horizon");
    postgres.emitHorizon();
  }

  /** Transactions that leave nothing in the log: a crash gives their xids out again. */
  void abortSome() {
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      ModelPostgres.Transaction begun = postgres.begin();
      trace.add(() -> "xid " + begun.xid + " aborts");
      postgres.abort(begun);
    }
  }

  /** Takes a token back, in a transaction that writes other things too or in one of its own. */
  void revoke(Bearer token) {
    ModelPostgres.Transaction by = any(List.copyOf(postgres.open())).orElseGet(postgres::begin);
    trace.add(() -> "xid " + by.xid + " revokes " + token.token());
    by.revoking.add(ModelRevocations.of(token));
  }

  void purgeOne() {
    List<Run> deleted =
        postgres.read(postgres.snapshot()).stream()
            .filter(run -> run.status() == RunStatus.DELETED)
            .filter(run -> !postgres.lockedByAnother(run.id(), null))
            .filter(run -> !postgres.isPurged(run.id()))
            .filter(run -> !postgres.isAppendedToByAnother(of(run), null))
            .toList();
    any(deleted).ifPresent(run -> postgres.purge(run.id(), run));
  }

  private void endTransaction(ModelPostgres.Transaction transaction) {
    if (random.nextInt(8) == 0) {
      trace.add(() -> "xid " + transaction.xid + " aborts");
      postgres.abort(transaction);
    } else {
      boolean oversized = random.nextDouble() < oversizedRate;
      postgres.commit(transaction, oversized, random.nextBoolean());
      trace.add(() -> "xid " + transaction.xid + " commits at " + postgres.log.size());
    }
  }

  private void writeSomething(ModelPostgres.Transaction by) {
    int place = random.nextInt(ids.size());
    RunId id = ids.get(place);
    Run head = postgres.head(id, by);
    if (postgres.isPurged(id) || (head != null && head.status() == RunStatus.DELETED)) {
      ids.set(place, new RunId(id.value() + "x"));
      return;
    }
    if (head != null && random.nextInt(100) < chunkRate) {
      append(by, head);
      return;
    }
    if (postgres.lockedByAnother(id, by)) {
      return;
    }
    RunStatus status = nextStatus(head);
    boolean tag = random.nextInt(10) < 4;
    Rows.Wide wide = new Rows.Wide(text(head == null), text(head == null));
    postgres.write(by, id, status, tag, wide);
    trace.add(() -> "xid " + by.xid + " writes " + id + " " + status + " " + tag + " " + wide);
  }

  /** A run may be done already: who began before may go on. */
  private void append(ModelPostgres.Transaction by, Run head) {
    String name = KEYS.get(random.nextInt(KEYS.size()));
    StreamKey stream =
        name.equals("in")
            ? StreamKey.input(ModelPostgres.ENVIRONMENT, head.id(), name)
            : new StreamKey(ModelPostgres.ENVIRONMENT, head.id(), name);
    boolean visible =
        postgres.read(postgres.snapshot()).stream()
            .anyMatch(run -> run.id().equals(head.id()) && run.status() != RunStatus.DELETED);
    if (!visible || postgres.isAppendedToByAnother(stream::equals, by)) {
      return;
    }
    if (!stream.isInput() && !head.facts().realtimeStreams().contains(name)) {
      if (postgres.lockedByAnother(head.id(), by)) {
        return;
      }
      postgres.name(by, head.id(), name);
    }
    postgres.append(by, stream, 1 + random.nextInt(3));
    trace.add(() -> "xid " + by.xid + " appends " + by.appended.get(by.appended.size() - 1));
  }

  private static Predicate<StreamKey> of(Run run) {
    return stream -> stream.run().equals(run.id());
  }

  void sweep() {
    postgres.streams.sweep(random, postgres.snapshot());
  }

  private Column<String> text(boolean needed) {
    if (random.nextDouble() < wideRate) {
      return Column.known(random.nextInt(5) == 0 ? null : postgres.newText());
    }
    return needed ? Column.known(null) : Column.unchanged();
  }

  private RunStatus nextStatus(Run head) {
    RunStatus pending = RunStatus.PENDING;
    RunStatus executing = RunStatus.EXECUTING;
    RunStatus waiting = RunStatus.WAITING_TO_RESUME;
    RunStatus done = RunStatus.COMPLETED_SUCCESSFULLY;
    if (head == null) {
      return pick(pending, pending, executing, done);
    }
    if (random.nextInt(100) < deletionRate) {
      return RunStatus.DELETED;
    }
    return head.status() == done ? null : pick(null, pending, executing, waiting, done);
  }

  private int pick(int... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private RunStatus pick(RunStatus... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private <T> Optional<T> any(Collection<T> choices) {
    return choices.stream()
        .skip(choices.isEmpty() ? 0 : random.nextInt(choices.size()))
        .findFirst();
  }
}
