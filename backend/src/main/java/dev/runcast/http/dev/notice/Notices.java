package dev.runcast.http.dev.notice;

import dev.runcast.run.ChangeBatch;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Visibility;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who follows which runs on one event loop, and is told when one was moved. The log may tell of a
 * change before a read shows it; followers read, and so are told once a read would. Confined to its
 * event loop.
 */
public final class Notices {
  private static final long LOOK_AGAIN_MILLIS = 5;

  /** Behind this every transaction is. */
  private static final long ANY = 0;

  /** A run that somebody follows. */
  record Followed(EnvironmentId environment, RunId run) {}

  private final Supplier<Future<Visibility>> visibility;
  private final BiConsumer<Long, Runnable> later;
  private final Map<Followed, Set<Consumer<RunId>>> followers = new HashMap<>();

  /** What is to be told, and the transaction that must be seen before. */
  private final Map<Followed, Long> untold = new LinkedHashMap<>();

  private boolean asking;
  private @Nullable Incarnation incarnation;
  private Lsn last = Lsn.ZERO;

  /**
   * @param visibility what a read would show now
   * @param later runs something on this event loop after so many milliseconds
   */
  public Notices(Supplier<Future<Visibility>> visibility, BiConsumer<Long, Runnable> later) {
    this.visibility = visibility;
    this.later = later;
  }

  void follow(Followed run, Consumer<RunId> follower) {
    followers.computeIfAbsent(run, first -> new LinkedHashSet<>()).add(follower);
  }

  void leave(Followed run, Consumer<RunId> follower) {
    followers.computeIfPresent(
        run,
        (same, all) -> {
          all.remove(follower);
          return all.isEmpty() ? null : all;
        });
    if (!followers.containsKey(run)) {
      untold.remove(run);
    }
  }

  /** Takes the next batch of the log. One that repeats what was heard does no harm. */
  public void hear(ChangeBatch batch) {
    boolean anew = incarnation != null && !batch.incarnation().equals(incarnation);
    boolean missed = incarnation != null && (anew || batch.prev().isAfter(last));
    incarnation = batch.incarnation();
    last = batch.last();
    if (followers.isEmpty()) {
      return;
    }
    if (anew) {
      // In a history that was restored what was heard may never be seen.
      untold.replaceAll((run, xid) -> ANY);
    }
    if (missed) {
      followers.keySet().forEach(run -> untold.merge(run, ANY, Math::max));
    }
    batch.entries().forEach(this::take);
    tell();
  }

  private void take(ChangeBatch.Entry entry) {
    if (entry instanceof Committed committed) {
      committed.changes().stream()
          .filter(Notices::wasMovedByOthers)
          .map(change -> new Followed(change.run().environment(), change.run().id()))
          .forEach(run -> changed(run, committed.xid()));
    } else if (entry instanceof Oversized oversized) {
      List.copyOf(followers.keySet()).stream()
          .filter(run -> oversized.environments().contains(run.environment()))
          .forEach(run -> changed(run, oversized.xid()));
    }
  }

  /**
   * What its worker has not done itself, or asked for. Of a run that begins to wait it is not told:
   * while it sees to that, it would not hear that the wait is over.
   */
  private static boolean wasMovedByOthers(RunChanged change) {
    RunStatus now = change.run().status();
    RunStatus before = change.statusBefore();
    return now == RunStatus.EXECUTING
        ? before == RunStatus.WAITING_TO_RESUME
        : now == RunStatus.CANCELED && before != now;
  }

  private void changed(Followed run, long xid) {
    if (followers.containsKey(run)) {
      untold.merge(run, xid, Math::max);
    }
  }

  private void tell() {
    if (!asking && !untold.isEmpty()) {
      asking = true;
      visibility.get().onComplete(this::tell);
    }
  }

  /** Where nothing can be read, nothing is won by waiting. */
  private void tell(AsyncResult<Visibility> read) {
    asking = false;
    List<Followed> due =
        untold.entrySet().stream()
            .filter(entry -> read.failed() || read.result().shows(entry.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    for (Followed run : due) {
      untold.remove(run);
      List.copyOf(followers.getOrDefault(run, Set.of()))
          .forEach(follower -> follower.accept(run.run()));
    }
    if (!untold.isEmpty()) {
      later.accept(LOOK_AGAIN_MILLIS, this::tell);
    }
  }
}
