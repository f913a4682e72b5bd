package dev.runcast.simulation;

import dev.runcast.run.ChangeBatch;
import dev.runcast.run.Column;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.FilterKey;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.revocation.Revocation;
import dev.runcast.run.revocation.Revoked;
import dev.runcast.run.stream.SegmentAppended;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamSegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What of Postgres matters to delivery: transactions whose commit record is decoded before their
 * rows are visible, snapshots, xids that a crash gives out again, unchanged wide columns, purges.
 */
final class ModelPostgres {
  static final EnvironmentId ENVIRONMENT = new EnvironmentId("env");

  /** A transaction that is not over for snapshots yet. */
  static final class Transaction {
    final long xid;
    final List<Written> written = new ArrayList<>();
    final Set<RunId> locked = new HashSet<>();
    final List<Revocation> revoking = new ArrayList<>();
    final List<StreamSegment> appended = new ArrayList<>();
    boolean flushed;

    Transaction(long xid) {
      this.xid = xid;
    }
  }

  /**
   * @param segment what was appended; null where a row was written
   */
  private record Written(Run now, Run before, Rows.Wide wide, StreamSegment segment) {
    static Written chunks(StreamSegment segment) {
      return new Written(null, null, null, segment);
    }
  }

  /**
   * A version of a row that has reached the log.
   *
   * @param row null when this is the purge of it
   */
  record Stored(Position position, long xid, Run row) {}

  private record Purged(long xid, Lsn lsn, long watermark) {}

  private final Map<RunId, List<Stored>> rows =
      new TreeMap<>((a, b) -> a.value().compareTo(b.value()));

  /** Versions that a restore has taken back: clients may still hold them, or be told of them. */
  private final Map<RunId, List<Run>> undone =
      new TreeMap<>((a, b) -> a.value().compareTo(b.value()));

  final ModelStreams streams = new ModelStreams();
  private final List<Purged> purges = new ArrayList<>();
  private final Map<Long, Transaction> inProgress = new TreeMap<>();
  final List<ChangeBatch.Entry> log = new ArrayList<>();
  final ModelRevocations revocations = new ModelRevocations();

  /** For each entry of the log the xid that came next then. */
  private final List<Long> nextAt = new ArrayList<>();

  private long next = 100;
  private long durable = 99;
  private long latestCompleted = 99;
  private int texts;

  Transaction begin() {
    Transaction begun = new Transaction(next++);
    inProgress.put(begun.xid, begun);
    return begun;
  }

  Collection<Transaction> open() {
    return inProgress.values().stream().filter(transaction -> !transaction.flushed).toList();
  }

  Collection<Transaction> committedButInvisible() {
    return inProgress.values().stream().filter(transaction -> transaction.flushed).toList();
  }

  boolean lockedByAnother(RunId id, Transaction asking) {
    return inProgress.values().stream().anyMatch(t -> t != asking && t.locked.contains(id));
  }

  /** The row as this transaction would find it to update; null if there is none. */
  Run head(RunId id, Transaction asking) {
    for (int i = asking.written.size() - 1; i >= 0; i--) {
      Run now = asking.written.get(i).now;
      if (now != null && now.id().equals(id)) {
        return now;
      }
    }
    List<Stored> versions = rows.get(id);
    return versions == null ? null : versions.get(versions.size() - 1).row;
  }

  boolean isPurged(RunId id) {
    List<Stored> versions = rows.get(id);
    return versions != null && versions.get(versions.size() - 1).row == null;
  }

  /**
   * @param status null to leave it as it is
   * @param wide what is written of the wide columns; an insert must tell both
   */
  void write(Transaction by, RunId id, RunStatus status, boolean tag, Rows.Wide wide) {
    Run before = head(id, by);
    Run now =
        before == null
            ? Rows.inserted(id, by.xid, status, tag, wide)
            : Rows.updated(before, by.xid, status, tag, wide);
    by.locked.add(id);
    by.written.add(new Written(now, before, wide, null));
    if (now.status().isFinal() && (before == null || !before.status().isFinal())) {
      streams.completes(id, now.version(), snapshot());
    }
  }

  /** Has a run name a stream. */
  void name(Transaction by, RunId id, String stream) {
    Run before = head(id, by);
    Rows.Wide unchanged = new Rows.Wide(Column.unchanged(), Column.unchanged());
    by.locked.add(id);
    by.written.add(new Written(Rows.naming(before, by.xid, stream), before, unchanged, null));
  }

  boolean isAppendedToByAnother(Predicate<StreamKey> streams, Transaction asking) {
    return inProgress.values().stream()
        .filter(transaction -> transaction != asking)
        .flatMap(transaction -> transaction.appended.stream())
        .anyMatch(segment -> streams.test(segment.stream()));
  }

  /** Whoever appends holds the stream until that is visible. */
  void append(Transaction by, StreamKey stream, int count) {
    List<String> chunks = Stream.generate(this::newText).limit(count).toList();
    StreamSegment segment = streams.next(stream, by.appended, chunks);
    by.appended.add(segment);
    by.written.add(Written.chunks(segment));
  }

  void purge(RunId id, Run gone) {
    Transaction by = begin();
    by.locked.add(id);
    flush(by, ChangeBatch.Committed.class, false);
    streams.purge(id);
    rows.get(id).add(new Stored(new Position(new Lsn(log.size()), 0), by.xid, null));
    purges.add(new Purged(by.xid, new Lsn(log.size()), gone.changedXid()));
  }

  /** The commit record reaches the log; the rows stay invisible until {@link #becomeVisible}. */
  void commit(Transaction transaction, boolean oversized, boolean keysKept) {
    flush(
        transaction,
        oversized ? ChangeBatch.Oversized.class : ChangeBatch.Committed.class,
        keysKept);
  }

  private void flush(Transaction transaction, Class<?> as, boolean keysKept) {
    Lsn lsn = new Lsn(log.size() + 1L);
    List<RunChanged> changes = new ArrayList<>();
    List<SegmentAppended> segments = new ArrayList<>();
    for (Written written : transaction.written) {
      Position position = new Position(lsn, changes.size() + segments.size());
      if (written.segment != null) {
        segments.add(new SegmentAppended(position, transaction.xid, written.segment));
        streams.log(segments.get(segments.size() - 1));
        continue;
      }
      rows.computeIfAbsent(written.now.id(), id -> new ArrayList<>())
          .add(new Stored(position, transaction.xid, written.now));
      changes.add(Rows.change(position, written.now, written.before, written.wide));
    }
    List<Revoked> revoked = flushRevocations(transaction, lsn, changes.size() + segments.size());
    if (as == ChangeBatch.Oversized.class) {
      Set<Long> keys =
          Stream.concat(
                  changes.stream().flatMap(change -> Filter.keysOf(change.run()).stream()),
                  segments.stream()
                      .flatMap(
                          each ->
                              Stream.of(
                                  each.segment().stream().ofRun(),
                                  FilterKey.chunksOf(ENVIRONMENT))))
              .map(FilterKey::hash)
              .collect(Collectors.toSet());
      log.add(
          new ChangeBatch.Oversized(
              lsn,
              transaction.xid,
              Set.of(ENVIRONMENT),
              keysKept && revoked.isEmpty() ? keys : null));
    } else {
      log.add(
          new ChangeBatch.Committed(
              lsn, transaction.xid, Instant.EPOCH, changes, segments, revoked));
    }
    transaction.flushed = true;
    logged();
  }

  private List<Revoked> flushRevocations(Transaction transaction, Lsn lsn, int index) {
    List<Revoked> revoked = new ArrayList<>();
    for (Revocation revocation : transaction.revoking) {
      Position position = new Position(lsn, index + revoked.size());
      revocations.flushed(revocation, transaction.xid, position);
      revoked.add(new Revoked(position, revocation));
    }
    return revoked;
  }

  void becomeVisible(Transaction transaction) {
    inProgress.remove(transaction.xid);
    revocations.becomesVisible(transaction.xid, log.size());
    latestCompleted = Math.max(latestCompleted, transaction.xid);
  }

  void abort(Transaction transaction) {
    inProgress.remove(transaction.xid);
    latestCompleted = Math.max(latestCompleted, transaction.xid);
  }

  void emitHorizon() {
    Visibility snapshot = snapshot();
    log.add(new ChangeBatch.Horizon(new Lsn(log.size() + 1L), snapshot.xmin(), next));
    logged();
  }

  private void logged() {
    durable = next - 1;
    nextAt.add(next);
  }

  /** Everything not in the log is lost, and its xids are given out again. */
  void crash() {
    for (Transaction transaction : List.copyOf(inProgress.values())) {
      if (transaction.flushed) {
        becomeVisible(transaction);
      } else {
        inProgress.remove(transaction.xid);
      }
    }
    next = durable + 1;
    latestCompleted = durable;
  }

  /** Goes back to where the log had this many entries; what came after never was. */
  void restore(int entries) {
    inProgress.clear();
    next = entries == 0 ? 100 : nextAt.get(entries - 1);
    durable = next - 1;
    latestCompleted = durable;
    log.subList(entries, log.size()).clear();
    nextAt.subList(entries, nextAt.size()).clear();
    revocations.restore(entries);
    purges.removeIf(purged -> purged.lsn.value() > entries);
    rows.forEach((id, versions) -> undo(id, versions, entries));
    rows.values().removeIf(List::isEmpty);
    Map<RunId, Long> versions = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
    rows.forEach((id, stored) -> versions.put(id, lastVersion(stored)));
    streams.restore(entries, versions);
  }

  private static long lastVersion(List<Stored> versions) {
    return versions.stream()
        .filter(version -> version.row != null)
        .mapToLong(version -> version.row.version())
        .max()
        .orElse(0);
  }

  private void undo(RunId id, List<Stored> versions, int entries) {
    for (Stored version : List.copyOf(versions)) {
      if (version.position.lsn().value() > entries) {
        versions.remove(version);
        if (version.row != null) {
          undone.computeIfAbsent(id, same -> new ArrayList<>()).add(version.row);
        }
      }
    }
  }

  /** Whether a run was ever like this. */
  boolean everWas(RunId id, Predicate<Run> like) {
    return rows.getOrDefault(id, List.of()).stream()
            .anyMatch(version -> version.row != null && like.test(version.row))
        || undone.getOrDefault(id, List.of()).stream().anyMatch(like);
  }

  Visibility snapshot() {
    long xmax = latestCompleted + 1;
    Set<Long> running =
        inProgress.keySet().stream()
            .filter(xid -> xid < xmax)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    long xmin = running.stream().mapToLong(Long::longValue).min().orElse(xmax);
    return new Visibility(xmin, xmax, running);
  }

  /** The rows that a snapshot shows, by (xid, id). */
  List<Run> read(Visibility snapshot) {
    List<Run> shown = new ArrayList<>();
    for (List<Stored> versions : rows.values()) {
      for (int i = versions.size() - 1; i >= 0; i--) {
        if (snapshot.shows(versions.get(i).xid)) {
          if (versions.get(i).row != null) {
            shown.add(versions.get(i).row);
          }
          break;
        }
      }
    }
    shown.sort(
        (a, b) ->
            a.changedXid() != b.changedXid()
                ? Long.compare(a.changedXid(), b.changedXid())
                : a.id().value().compareTo(b.id().value()));
    return shown;
  }

  long watermark(Visibility snapshot) {
    return purges.stream()
        .filter(purged -> snapshot.shows(purged.xid))
        .mapToLong(Purged::watermark)
        .max()
        .orElse(0);
  }

  /** Every version of every run, in the order in which they were committed. */
  Map<RunId, List<Stored>> history() {
    return rows;
  }

  /** The transactions that wrote them. */
  Stream<Long> xids() {
    return rows.values().stream().flatMap(List::stream).map(Stored::xid);
  }

  /** A text that no row holds yet. */
  String newText() {
    return Integer.toString(++texts);
  }
}
