package dev.runcast.http.realtime.sse;

import dev.runcast.run.Column;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.tally.FeedTally;
import dev.runcast.store.feed.FeedReader;
import dev.runcast.store.feed.TallyReader;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * A table whose every write is visible at once. Rows are made on any thread; they are written,
 * which is when a transaction gets its id, and read on the loop: a read that knew an id whose row
 * it can't see would hide it for good.
 */
public final class TableInMemory implements FeedReader, TallyReader {
  private static final Run.Times TIMES =
      new Run.Times(Instant.EPOCH, Instant.EPOCH, null, null, null, null, null);
  private static final Run.Facts FACTS =
      new Run.Facts(
          null, null, null, null, null, null, 0, null, null, "trigger", false, 0, 0, 0, 0,
          List.of());

  /** Transaction ids are not given twice, whatever the table. */
  private static final AtomicLong XIDS = new AtomicLong(100);

  private final Map<String, Run> rows = new TreeMap<>();

  /** A row that is yet to be written. */
  public Run row(String id, long version, RunStatus status, String payload, String... tags) {
    return new Run(
        FeedServer.ENV,
        new RunId(id),
        version,
        0,
        status,
        "task",
        List.of(tags),
        new Run.Links(null, null, null, 0),
        TIMES,
        FACTS,
        new Run.Contents(
            "application/json",
            null,
            null,
            Column.known(null),
            Column.known(payload),
            Column.known(null),
            Column.known(null),
            Column.known(null),
            Column.known(null)));
  }

  /** Writes a row by a transaction of its own; one that was written elsewhere keeps its own. */
  public Run write(Run row) {
    long xid = row.changedXid() == 0 ? XIDS.getAndIncrement() : row.changedXid();
    Run written =
        new Run(
            row.environment(),
            row.id(),
            row.version(),
            xid,
            row.status(),
            row.taskIdentifier(),
            row.tags(),
            row.links(),
            row.times(),
            row.facts(),
            row.contents());
    rows.put(written.id().value(), written);
    return written;
  }

  public long nextXid() {
    return XIDS.get();
  }

  public Optional<Run> find(EnvironmentId environment, String id) {
    return Optional.ofNullable(rows.get(id)).filter(row -> row.environment().equals(environment));
  }

  @Override
  public Future<Rows> page(Filter filter, Key after, long below) {
    return Future.succeededFuture(read(filter, after, row -> row.changedXid() < below));
  }

  @Override
  public Future<Rows> tail(Filter filter, Key after, boolean whole) {
    return Future.succeededFuture(read(filter, after, row -> true));
  }

  /** It holds none. */
  @Override
  public Future<Chunks> chunks(Filter filter, Wanted wanted, ChunkKey after) {
    return Future.succeededFuture(new Chunks(snapshot(), List.of(), true));
  }

  @Override
  public Future<Both> tail(Filter filter, Wanted wanted, Key after, boolean whole) {
    return chunks(filter, wanted, ChunkKey.START)
        .compose(none -> tail(filter, after, whole).map(rows -> new Both(none, rows)));
  }

  @Override
  public Future<One> one(EnvironmentId environment, RunId run) {
    return Future.succeededFuture(new One(snapshot(), find(environment, run.value()).orElse(null)));
  }

  @Override
  public Future<FeedTally> tally(Filter filter, boolean digest) {
    List<FeedTally.Part> parts =
        rows.values().stream()
            .filter(filter::matches)
            .map(row -> new FeedTally.Part(row.status(), 0, 1, 0))
            .toList();
    return Future.succeededFuture(new FeedTally(snapshot(), parts));
  }

  private Rows read(Filter filter, Key after, Predicate<Run> bound) {
    List<Run> found =
        rows.values().stream()
            .filter(filter::inScope)
            .filter(bound)
            .filter(row -> isAfter(row, after))
            .sorted(Comparator.comparingLong(Run::changedXid))
            .toList();
    return new Rows(snapshot(), 0, found, true);
  }

  private static boolean isAfter(Run row, Key key) {
    return row.changedXid() > key.xid()
        || (row.changedXid() == key.xid() && row.id().value().compareTo(key.run()) > 0);
  }

  private Visibility snapshot() {
    return new Visibility(XIDS.get(), XIDS.get(), Set.of());
  }
}
