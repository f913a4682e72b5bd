package dev.runcast.engine.debounce;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import dev.runcast.store.debounce.DebounceTable;
import dev.runcast.store.debounce.DebounceTable.Delayed;
import dev.runcast.store.debounce.DebounceTable.Holding;
import dev.runcast.store.debounce.DebounceTable.Push;
import dev.runcast.store.table.DueTable;
import dev.runcast.store.table.DueTable.Due;
import dev.runcast.store.table.NewRun;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the runs that debounced triggers lead to. Works within the transaction it is given. */
public final class Debouncing {
  private static final Comparator<DebounceTable.Key> IN_ONE_ORDER =
      Comparator.comparing(DebounceTable.Key::task).thenComparing(DebounceTable.Key::text);

  /**
   * A run that somebody wants.
   *
   * @param run as it would be made
   */
  public record Asked(NewRun run, Debounce how) {}

  /**
   * What it leads to.
   *
   * @param run which run
   * @param made that run as it is to be inserted, of the order that it began with; null for one
   *     that is there, or comes by another of the orders
   */
  public record Settled(RunId run, @Nullable NewRun made) {}

  private Debouncing() {}

  /**
   * Settles orders of one environment, those of one key in the order given: pushes runs that are
   * there, and has keys stand for those that are to be made.
   *
   * @param now when those will have been made
   * @return one for each order
   */
  public static Future<List<Settled>> settle(
      Transaction transaction, List<Asked> all, Instant now) {
    if (all.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    EnvironmentId environment = all.get(0).run().environment();
    DebounceTable table = new DebounceTable(transaction);
    List<Holding> wanted = holdings(all);
    return table
        .hold(wanted)
        .compose(
            held ->
                table
                    .lockDelayed(environment, held)
                    .compose(
                        delayed -> {
                          Map<DebounceTable.Key, Window> windows =
                              windows(wanted, held, delayed, now);
                          List<RunId> taken = take(all, windows);
                          return write(
                                  transaction, environment, changed(wanted, held, windows), windows)
                              .map(written -> settled(all, taken, windows));
                        }));
  }

  /** Each key once, for the first run that wants it. */
  private static List<Holding> holdings(List<Asked> all) {
    Map<DebounceTable.Key, Holding> holdings = new TreeMap<>(IN_ONE_ORDER);
    for (Asked asked : all) {
      holdings.putIfAbsent(key(asked), new Holding(key(asked), asked.run().id()));
    }
    return List.copyOf(holdings.values());
  }

  private static DebounceTable.Key key(Asked asked) {
    return new DebounceTable.Key(asked.run().environment(), asked.run().task(), asked.how().key());
  }

  private static Map<DebounceTable.Key, Window> windows(
      List<Holding> wanted, List<RunId> held, Map<RunId, Delayed> delayed, Instant now) {
    Map<DebounceTable.Key, Window> windows = new TreeMap<>(IN_ONE_ORDER);
    for (int i = 0; i < held.size(); i++) {
      windows.put(wanted.get(i).key(), new Window(now, delayed.get(held.get(i))));
    }
    return windows;
  }

  private static List<RunId> take(List<Asked> all, Map<DebounceTable.Key, Window> windows) {
    List<RunId> taken = new ArrayList<>(all.size());
    for (Asked asked : all) {
      taken.add(windows.computeIfAbsent(key(asked), Debouncing::unheld).take(asked));
    }
    return taken;
  }

  private static Window unheld(DebounceTable.Key key) {
    throw new IllegalStateException("the debounce key of task " + key.task() + " was not locked");
  }

  private static List<Settled> settled(
      List<Asked> all, List<RunId> taken, Map<DebounceTable.Key, Window> windows) {
    Map<RunId, NewRun> made = new HashMap<>();
    windows.values().forEach(window -> made.putAll(window.made()));
    List<Settled> settled = new ArrayList<>(all.size());
    for (int i = 0; i < all.size(); i++) {
      settled.add(new Settled(taken.get(i), made.get(all.get(i).run().id())));
    }
    return settled;
  }

  /** The keys that stand for other runs than when they were locked. */
  private static List<Holding> changed(
      List<Holding> wanted, List<RunId> held, Map<DebounceTable.Key, Window> windows) {
    List<Holding> changed = new ArrayList<>();
    for (int i = 0; i < held.size(); i++) {
      DebounceTable.Key key = wanted.get(i).key();
      RunId before = held.get(i);
      windows
          .computeIfAbsent(key, Debouncing::unheld)
          .current()
          .filter(run -> !run.equals(before))
          .ifPresent(run -> changed.add(new Holding(key, run)));
    }
    return changed;
  }

  /** Sends all statements at once; they are executed one after the other. */
  private static Future<Void> write(
      Transaction transaction,
      EnvironmentId environment,
      List<Holding> changed,
      Map<DebounceTable.Key, Window> windows) {
    List<Push> pushes =
        windows.values().stream().flatMap(window -> window.push().stream()).toList();
    DebounceTable table = new DebounceTable(transaction);
    DueTable dues = new DueTable(transaction);
    List<Future<Void>> steps = new ArrayList<>();
    steps.add(table.point(changed));
    for (Push push : pushes) {
      steps.add(dues.postponeExpiry(environment, push.run(), push.until()));
    }
    steps.add(dues.put(pushes.stream().map(push -> due(environment, push)).toList()));
    for (Push push : pushes) {
      steps.add(table.push(environment, push));
    }
    return Future.join(steps).mapEmpty();
  }

  private static Due due(EnvironmentId environment, Push push) {
    return new Due(DueTable.Kind.DELAY, environment, push.run().value(), push.until());
  }
}
