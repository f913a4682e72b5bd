package dev.runcast.simulation;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.SegmentAppended;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamSegment;
import dev.runcast.run.tally.FeedTally;
import dev.runcast.run.tally.RunHash;
import dev.runcast.store.feed.FeedReader;
import dev.runcast.store.feed.TallyReader;
import dev.runcast.store.revocation.RevocationReads;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Reads the model; each read takes its snapshot at one step of the scheduler and answers at
 * another.
 */
final class ModelReader implements FeedReader, TallyReader {
  private final ModelPostgres postgres;
  private final int pageRows;
  private final List<Pending<?>> pending = new ArrayList<>();
  private boolean answering;

  private final class Pending<T> {
    final Function<Visibility, T> read;
    final Promise<T> promise = Promise.promise();
    T answer;

    Pending(Function<Visibility, T> read) {
      this.read = read;
    }

    /** Takes the snapshot, or answers with what it showed. */
    void step() {
      if (answer == null) {
        answer = read.apply(postgres.snapshot());
      } else {
        pending.remove(this);
        answering = true;
        promise.complete(answer);
        answering = false;
      }
    }
  }

  ModelReader(ModelPostgres postgres, int pageRows) {
    this.postgres = postgres;
    this.pageRows = pageRows;
  }

  boolean isBusy() {
    return !pending.isEmpty();
  }

  /** Whether what is told right now is told because of a read. */
  boolean isAnswering() {
    return answering;
  }

  int size() {
    return pending.size();
  }

  void step(int which) {
    pending.get(which).step();
  }

  void fail(int which) {
    pending.remove(which).promise.fail("the connection broke");
  }

  @Override
  public Future<Rows> page(Filter filter, Key after, long below) {
    return later(
        snapshot -> {
          List<Run> range = range(snapshot, filter, after, run -> run.changedXid() < below);
          List<Run> page = range.subList(0, Math.min(pageRows, range.size()));
          return new Rows(
              snapshot, postgres.watermark(snapshot), page, page.size() == range.size());
        });
  }

  @Override
  public Future<Rows> tail(Filter filter, Key after, boolean whole) {
    return later(snapshot -> tail(snapshot, filter, after, whole));
  }

  private Rows tail(Visibility snapshot, Filter filter, Key after, boolean whole) {
    List<Run> range = range(snapshot, filter, after, run -> true);
    int most = whole ? range.size() : Math.min(pageRows, range.size());
    return new Rows(
        snapshot, postgres.watermark(snapshot), range.subList(0, most), most == range.size());
  }

  @Override
  public Future<Chunks> chunks(Filter filter, Wanted wanted, ChunkKey after) {
    return later(snapshot -> chunks(snapshot, filter, wanted, after));
  }

  @Override
  public Future<Both> tail(Filter filter, Wanted wanted, Key after, boolean whole) {
    return later(
        snapshot -> {
          Chunks chunks = chunks(snapshot, filter, wanted, ChunkKey.START);
          return new Both(chunks, chunks.complete() ? tail(snapshot, filter, after, whole) : null);
        });
  }

  private Chunks chunks(Visibility snapshot, Filter filter, Wanted wanted, ChunkKey after) {
    Map<RunId, Run> runs = new HashMap<>();
    postgres.read(snapshot).stream()
        .filter(filter::matches)
        .forEach(run -> runs.put(run.id(), run));
    List<StreamSegment> range =
        postgres.streams.shown(snapshot).stream()
            .filter(each -> wanted.streams().takes(each.segment().stream()))
            .filter(each -> runs.containsKey(each.segment().stream().run()))
            .filter(
                each ->
                    wanted.range().holds(each.xid())
                        || hasEntered(filter, runs.get(each.segment().stream().run()), wanted))
            .map(SegmentAppended::segment)
            .filter(segment -> isAfter(segment, after))
            .toList();
    List<StreamSegment> page = range.subList(0, Math.min(pageRows, range.size()));
    return new Chunks(snapshot, page, page.size() == range.size());
  }

  private static boolean isAfter(StreamSegment segment, ChunkKey after) {
    StreamKey stream = segment.stream();
    int order = (stream.run() + " " + stream.key()).compareTo(after.run() + " " + after.stream());
    return order > 0 || (order == 0 && segment.firstSeq() > after.seq()) || after.run().isEmpty();
  }

  /** Whether a run may have come into the feed by what is asked for. */
  private boolean hasEntered(Filter filter, Run run, Wanted wanted) {
    boolean byTag = filter instanceof Filter.ByTags;
    boolean byStatus = !filter.narrowing().statuses().isEmpty();
    Run before = null;
    boolean entered = false;
    for (ModelPostgres.Stored version : postgres.history().get(run.id())) {
      Run now = version.row();
      if (now == null || now.version() > run.version()) {
        break;
      }
      boolean moved =
          before != null
              && ((byStatus && before.status() != now.status())
                  || (byTag && before.tags().size() != now.tags().size()));
      entered |= moved && wanted.range().holds(version.xid());
      before = now;
    }
    return entered;
  }

  @Override
  public Future<One> one(EnvironmentId environment, RunId id) {
    return later(
        snapshot ->
            new One(
                snapshot,
                postgres.read(snapshot).stream()
                    .filter(run -> run.id().equals(id))
                    .findFirst()
                    .orElse(null)));
  }

  @Override
  public Future<FeedTally> tally(Filter filter, boolean digest) {
    return later(
        snapshot ->
            new FeedTally(
                snapshot,
                postgres.read(snapshot).stream()
                    .filter(filter::matches)
                    .map(run -> part(run, digest))
                    .toList()));
  }

  private static FeedTally.Part part(Run run, boolean digest) {
    return digest
        ? new FeedTally.Part(
            run.status(), RunHash.bucketOf(run.id()), 1, RunHash.of(run.id(), run.version()))
        : new FeedTally.Part(run.status(), 0, 1, 0);
  }

  /** The revocations that a snapshot shows. */
  Future<RevocationReads.Read> revocations(long since) {
    return later(snapshot -> postgres.revocations.read(snapshot, since));
  }

  private List<Run> range(Visibility snapshot, Filter filter, Key after, Predicate<Run> bound) {
    return postgres.read(snapshot).stream()
        .filter(filter::inScope)
        .filter(bound)
        .filter(
            run ->
                run.changedXid() > after.xid()
                    || (run.changedXid() == after.xid()
                        && run.id().value().compareTo(after.run()) > 0))
        .toList();
  }

  private <T> Future<T> later(Function<Visibility, T> read) {
    Pending<T> asked = new Pending<>(read);
    pending.add(asked);
    return asked.promise.future();
  }
}
