package dev.runcast.hub.stream;

import dev.runcast.hub.Hub;
import dev.runcast.hub.log.Pin;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.ChangeBatch.Entry;
import dev.runcast.run.ChangeBatch.Horizon;
import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.FilterKey;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.SegmentAppended;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamPage;
import dev.runcast.run.stream.StreamSegment;
import dev.runcast.testing.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One stream in a model of Postgres, its log and its table, and the hub that hears the log: a
 * transaction is in the log before it is visible, batches are lost, sessions begin anew, pages are
 * read at one moment and answered at a later one.
 */
final class StreamModel {
  static final StreamKey STREAM = new StreamKey(Sample.ENVIRONMENT, new RunId("run_1"), "s");
  private static final int PAGE = 3;

  private enum Phase {
    OPEN,
    DECODED,
    VISIBLE
  }

  private static final class Tx {
    final long xid;
    final boolean appends;
    final List<StreamSegment> segments = new ArrayList<>();
    boolean endsRun;
    Phase phase = Phase.OPEN;

    Tx(long xid, boolean appends) {
      this.xid = xid;
      this.appends = appends;
    }
  }

  /** A page that was asked for. */
  private static final class Asked {
    final StreamReader reader;
    final long reading;
    final long from;
    final Pin pin;
    StreamPage page;

    Asked(StreamReader reader, Pin pin) {
      this.reader = reader;
      this.reading = reader.reading();
      this.from = reader.next();
      this.pin = pin;
    }
  }

  private final Random random;
  final Hub hub;
  private final List<Tx> transactions = new ArrayList<>();
  private final List<Entry> log = new ArrayList<>();
  private final List<Asked> asked = new ArrayList<>();
  private long nextXid = 100;
  private int published;
  private Lsn prev = new Lsn(1);
  private long session = 1;

  long nextSeq;
  private long revision;
  private int writers;
  private boolean runIsOver;
  private long purgedBelow;

  StreamModel(Random random) {
    this.random = random;
    this.hub =
        new Hub(
            new Hub.Budgets(
                random.nextInt(4_000),
                random.nextInt(8_000),
                1_000,
                Duration.ofSeconds(60),
                Duration.ofSeconds(3)),
            () -> Instant.EPOCH);
  }

  boolean isOver() {
    return runIsOver && writers == 0;
  }

  /** The first chunk that is still stored. */
  long oldest() {
    return purgedBelow;
  }

  // Writers.

  /** Something happens in Postgres. */
  void write() {
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> append();
      case 3 -> transactions.add(new Tx(nextXid++, false));
      case 4, 5 -> advance(transactions);
      case 6 -> horizon();
      default -> {
        if (random.nextInt(20) == 0) {
          endRun();
        }
      }
    }
  }

  /** Whoever appends holds the stream's row until it is visible. */
  private void append() {
    boolean locked = transactions.stream().anyMatch(tx -> tx.appends && tx.phase != Phase.VISIBLE);
    if (locked || (runIsOver && writers == 0)) {
      return;
    }
    Tx tx = new Tx(nextXid++, true);
    int count = random.nextInt(4);
    for (int i = 0; i <= random.nextInt(2); i++) {
      boolean isLast = i == 1 || random.nextBoolean();
      if (isLast) {
        writers = runIsOver ? writers - random.nextInt(2) : random.nextInt(2);
      } else {
        writers = Math.max(1, writers);
      }
      tx.segments.add(
          new StreamSegment(
              STREAM, ++revision, nextSeq, count, chunks(nextSeq, count), writers, Instant.EPOCH));
      nextSeq += count;
      if (isLast) {
        break;
      }
    }
    transactions.add(tx);
  }

  private static String chunks(long from, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : "\n").append(from + i);
    }
    return text.toString();
  }

  /**
   * Who appends without having begun to write, or begins, keeps the run from being completed until
   * that is visible; who has begun is counted.
   */
  void endRun() {
    boolean appends = transactions.stream().anyMatch(tx -> tx.appends && tx.phase != Phase.VISIBLE);
    boolean counted = newestVisible().filter(segment -> segment.writers() > 0).isPresent();
    if (!runIsOver && (counted || !appends)) {
      runIsOver = true;
      Tx tx = new Tx(nextXid++, false);
      tx.endsRun = true;
      transactions.add(tx);
    }
  }

  private void advance(List<Tx> among) {
    List<Tx> underWay = among.stream().filter(tx -> tx.phase != Phase.VISIBLE).toList();
    if (!underWay.isEmpty()) {
      Tx tx = underWay.get(random.nextInt(underWay.size()));
      if (tx.phase == Phase.OPEN) {
        commit(tx);
      } else {
        tx.phase = Phase.VISIBLE;
      }
    }
  }

  private void commit(Tx tx) {
    tx.phase = Phase.DECODED;
    Lsn lsn = nextLsn();
    if (random.nextInt(10) == 0) {
      boolean anyKeys = random.nextBoolean();
      log.add(
          new Oversized(
              lsn,
              tx.xid,
              Set.of(Sample.ENVIRONMENT),
              anyKeys
                  ? null
                  : Set.of(new FilterKey(FilterKey.Kind.RUN, Sample.ENVIRONMENT, "run_1").hash())));
      return;
    }
    List<RunChanged> changes = new ArrayList<>();
    if (tx.endsRun) {
      changes.add(
          Sample.run("run_1")
              .xid(tx.xid)
              .status(RunStatus.COMPLETED_SUCCESSFULLY)
              .updated(lsn.value(), 0));
    } else if (!tx.appends) {
      changes.add(Sample.run("other").xid(tx.xid).updated(lsn.value(), 0));
    }
    List<SegmentAppended> segments = new ArrayList<>();
    for (StreamSegment segment : tx.segments) {
      segments.add(new SegmentAppended(new Position(lsn, segments.size()), tx.xid, segment));
    }
    log.add(new Committed(lsn, tx.xid, Instant.EPOCH, changes, segments));
  }

  private Lsn nextLsn() {
    return new Lsn(log.size() + 2L);
  }

  void horizon() {
    Visibility now = visibility();
    log.add(new Horizon(nextLsn(), now.xmin(), nextXid));
  }

  private Visibility visibility() {
    Set<Long> inProgress =
        transactions.stream()
            .filter(tx -> tx.phase != Phase.VISIBLE)
            .map(tx -> tx.xid)
            .collect(Collectors.toSet());
    long xmin = inProgress.stream().mapToLong(xid -> xid).min().orElse(nextXid);
    return new Visibility(xmin, nextXid, inProgress);
  }

  /** Old chunks are removed. */
  void purge() {
    if (random.nextInt(30) == 0) {
      long visible = visibleSegments().mapToLong(StreamSegment::nextSeq).max().orElse(0);
      purgedBelow = Math.max(purgedBelow, visible == 0 ? 0 : random.nextLong(visible + 1));
    }
  }

  // The log's way to the hub.

  /** Tells the next part of the log, or loses it. */
  void publish() {
    int count = Math.min(1 + random.nextInt(3), log.size() - published);
    if (count == 0) {
      return;
    }
    List<Entry> entries = log.subList(published, published + count);
    Lsn last = entries.get(count - 1).lsn();
    published += count;
    boolean lost = random.nextInt(12) == 0;
    Lsn start = prev;
    prev = last;
    if (!lost) {
      hub.dispatch(new ChangeBatch(new Incarnation(1, 7), session, start, last, entries));
    }
  }

  /** Another node has the slot, and tells some of the log again. */
  void handOver() {
    if (random.nextInt(30) == 0) {
      session++;
      published = Math.max(0, published - random.nextInt(4));
      prev = new Lsn(published + 1L);
    }
  }

  // Reads of the table.

  void ask(StreamReader reader) {
    asked.add(new Asked(reader, hub.heard().pin()));
  }

  /** A page that was asked for is read, or answered. */
  void answer() {
    if (asked.isEmpty()) {
      return;
    }
    Asked one = asked.get(random.nextInt(asked.size()));
    if (one.page == null) {
      one.page = page(one.from);
      return;
    }
    asked.remove(one);
    boolean trusted = hub.heard().isOfThisSession(one.pin) && random.nextInt(8) > 0;
    if (one.reader.isReading(one.reading)) {
      if (trusted) {
        one.reader.take(one.page, one.pin);
      } else {
        ask(one.reader);
      }
    }
    hub.heard().unpin(one.pin);
  }

  private Stream<StreamSegment> visibleSegments() {
    return transactions.stream()
        .filter(tx -> tx.phase == Phase.VISIBLE)
        .flatMap(tx -> tx.segments.stream());
  }

  private Optional<StreamSegment> newestVisible() {
    return visibleSegments().reduce((before, after) -> after);
  }

  private StreamPage page(long from) {
    List<StreamSegment> visible = visibleSegments().toList();
    long end = visible.stream().mapToLong(StreamSegment::nextSeq).max().orElse(0);
    Optional<StreamSegment> newest = newestVisible();
    List<StreamSegment> page =
        from == StreamReader.LATEST
            ? List.of()
            : visible.stream()
                .filter(segment -> segment.count() > 0 && segment.nextSeq() > from)
                .filter(segment -> segment.firstSeq() >= purgedBelow)
                .limit(PAGE)
                .toList();
    long reached = page.isEmpty() ? end : page.get(page.size() - 1).nextSeq();
    boolean over = transactions.stream().anyMatch(tx -> tx.endsRun && tx.phase == Phase.VISIBLE);
    return new StreamPage(
        visibility(),
        page,
        reached >= end,
        end,
        newest.map(StreamSegment::revision).orElse(0L),
        newest.map(StreamSegment::writers).orElse(0),
        over);
  }

  // Rest.

  /** Everything that is under way comes to its end, and two horizons pass. */
  void settle() {
    while (transactions.stream().anyMatch(tx -> tx.phase != Phase.VISIBLE)) {
      advance(transactions);
    }
    for (int i = 0; i < 3; i++) {
      horizon();
      tellAll();
      while (!asked.isEmpty()) {
        answer();
      }
    }
  }

  private void tellAll() {
    Lsn start = prev;
    List<Entry> entries = log.subList(published, log.size());
    published = log.size();
    prev = entries.get(entries.size() - 1).lsn();
    hub.dispatch(new ChangeBatch(new Incarnation(1, 7), session, start, prev, entries));
  }
}
