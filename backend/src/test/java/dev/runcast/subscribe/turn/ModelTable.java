package dev.runcast.subscribe.turn;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Visibility;
import dev.runcast.store.feed.FeedReader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** All that was written, visible to whoever reads; a run on its own is read when it is let. */
final class ModelTable implements FeedReader {
  final Map<String, Run> rows = new TreeMap<>();
  final List<Promise<One>> singles = new ArrayList<>();
  Visibility shown = new Visibility(100, 100, Set.of());

  int pageRows = 100;

  @Override
  public Future<Rows> page(Filter filter, Key after, long below) {
    List<Run> all = behind(filter, after).stream().filter(run -> run.changedXid() < below).toList();
    List<Run> page = all.subList(0, Math.min(pageRows, all.size()));
    return Future.succeededFuture(new Rows(shown, 0, page, page.size() == all.size()));
  }

  @Override
  public Future<Rows> tail(Filter filter, Key after, boolean whole) {
    return Future.succeededFuture(new Rows(shown, 0, behind(filter, after), true));
  }

  /** Each was written by a transaction of its own, in the order of their names. */
  private List<Run> behind(Filter filter, Key after) {
    return rows.values().stream()
        .filter(filter::inScope)
        .filter(
            run ->
                run.changedXid() > after.xid()
                    || (run.changedXid() == after.xid()
                        && run.id().value().compareTo(after.run()) > 0))
        .toList();
  }

  /** Clients by turns are told no chunks. */
  @Override
  public Future<Chunks> chunks(Filter filter, Wanted wanted, ChunkKey after) {
    throw new AssertionError("asks for chunks");
  }

  @Override
  public Future<Both> tail(Filter filter, Wanted wanted, Key after, boolean whole) {
    throw new AssertionError("asks for chunks");
  }

  @Override
  public Future<One> one(EnvironmentId environment, RunId run) {
    Promise<One> asked = Promise.promise();
    singles.add(asked);
    return asked.future();
  }
}
