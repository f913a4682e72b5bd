package dev.runcast.simulation;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.RunId;
import dev.runcast.store.feed.FeedReader;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;

/** The reads of one node, counted: what a read had to tell may be told twice. */
final class CountingReader implements FeedReader {
  private final FeedReader reader;
  private final Map<Filter, Integer> answered = new HashMap<>();

  CountingReader(FeedReader reader) {
    this.reader = reader;
  }

  /** How many reads of such a feed were answered. */
  int of(Filter filter) {
    return answered.getOrDefault(filter, 0);
  }

  @Override
  public Future<Rows> page(Filter filter, Key after, long below) {
    return reader.page(filter, after, below).onComplete(answer -> count(filter));
  }

  @Override
  public Future<Rows> tail(Filter filter, Key after, boolean whole) {
    return reader.tail(filter, after, whole).onComplete(answer -> count(filter));
  }

  @Override
  public Future<Chunks> chunks(Filter filter, Wanted wanted, ChunkKey after) {
    return reader.chunks(filter, wanted, after);
  }

  @Override
  public Future<Both> tail(Filter filter, Wanted wanted, Key after, boolean whole) {
    return reader.tail(filter, wanted, after, whole).onComplete(answer -> count(filter));
  }

  @Override
  public Future<One> one(EnvironmentId environment, RunId id) {
    return reader.one(environment, id);
  }

  private void count(Filter filter) {
    answered.merge(filter, 1, Integer::sum);
  }
}
