package dev.runcast.simulation;

import dev.runcast.hub.tally.Sums;
import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Position;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.run.stream.SegmentAppended;
import dev.runcast.run.tally.RunHash;
import dev.runcast.simulation.ModelPostgres.Stored;
import dev.runcast.wire.Frame;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A client that follows the rules of the protocol and complains when it is told something wrong.
 */
final class ModelClient {

  /** What it asks for. */
  enum Wish {
    ALL,
    /** What the runs add up to, and none of them. */
    COUNTED,
    /** Only what happens from now on. */
    FROM_NOW,
    /** One run, until it is done. */
    UNTIL_DONE
  }

  final String name;
  final Filter filter;
  final Wish wish;
  final Trace trace;
  final ModelSums sums;

  /** The token that it comes with. */
  private Bearer bearer;

  private int tokens;
  private final ModelPostgres postgres;
  private final Truth truth;
  Memory memory;

  /** How far apart it wants to hear of intermediate states of a run. */
  Duration sample = Duration.ZERO;

  /** Whether what is being taken can't be a mixture of two histories. */
  private boolean trusts;

  /** Whether, besides, nothing may be told before what was there before it. */
  private boolean ordered;

  /** Whether it is a REST answer that is being taken, which tells no chunks. */
  private boolean byRest;

  ModelConnection connection;

  /**
   * @param chunks of the streams that it asks for
   */
  ModelClient(String name, Filter filter, Wish wish, Sums sums, HeldChunks chunks, World world) {
    this.sums = new ModelSums(name, filter, wish != Wish.COUNTED, sums, world.postgres);
    this.postgres = world.postgres;
    this.name = name;
    this.filter = filter;
    this.wish = wish;
    this.trace = world.trace;
    this.memory = new Memory(Map.of(), chunks, null, null, 0);
    this.truth = new Truth(name, filter, postgres);
    this.bearer = newToken();
  }

  private Bearer newToken() {
    return new Bearer(
        ModelPostgres.ENVIRONMENT,
        "key",
        null,
        new Bearer.Token(name + "#" + ++tokens, Set.of("read:runs"), Instant.EPOCH));
  }

  Bearer bearer() {
    return bearer;
  }

  /** Is given another token, if the one that it had may be known as revoked. */
  void renewToken() {
    if (isRevoked() || wasRevokedOnce()) {
      bearer = newToken();
      trace.add(() -> name + " has another token " + bearer.token());
    }
  }

  /** Whether the service has not hung up, as far as it knows. */
  boolean isConnected() {
    return connection != null && !connection.isClosed();
  }

  /** Whether its token was taken back, in the history that there is now. */
  boolean isRevoked() {
    return postgres.revocations.stored(bearer) != null;
  }

  /** Whether it was, before a restore: who lived through that may remember. */
  boolean wasRevokedOnce() {
    return postgres.revocations.wasUndone(bearer);
  }

  void stepIsOver() {
    if (connection != null) {
      connection.stepIsOver();
    }
  }

  /** Whether this is a history of what Postgres holds now. */
  boolean knows(Incarnation incarnation) {
    return truth.knows(incarnation);
  }

  /**
   * @param current whether it was sent by who knew of the last restore
   * @param inOrder whether it was sent by who knew of the last crash
   */
  void take(Frame frame, Cursor cursor, boolean current, boolean inOrder) {
    trusts = current;
    ordered = current && inOrder;
    if (frame instanceof Frame.Snapshot snapshot) {
      takeSnapshot(snapshot);
    } else if (frame instanceof Frame.RunUpdate update) {
      takeRun(update.run(), update.whole());
    } else if (frame instanceof Frame.Chunk chunk) {
      memory.chunks().take(chunk, trusts, isInOrder(chunk) ? this::isPromised : any -> false);
    } else if (frame instanceof Frame.Leave leave) {
      takeLeave(leave);
    } else if (frame instanceof Frame.Counts counts) {
      sums.take(counts, cursor, current && knows(cursor.incarnation()));
    } else if (frame instanceof Frame.Digest digest) {
      sums.take(digest, memory.rows(), cursor, current && knows(cursor.incarnation()));
    }
    if ((frame instanceof Frame.Live || frame instanceof Frame.Digest) && memory.seen() != null) {
      throw new AssertionError(name + " is told so in the middle of a full read");
    }
    if (cursor != null) {
      memory = memory.with(cursor);
      checkCursor();
    }
  }

  /** Of a run that has left, a read may tell so before the log has come to that: more may come. */
  private boolean isInOrder(Frame.Chunk chunk) {
    return ordered
        && (memory.rows().containsKey(chunk.run()) || !truth.hasLeftSince(chunk.run(), 0));
  }

  private void takeSnapshot(Frame.Snapshot snapshot) {
    if (snapshot.start()) {
      memory = memory.withSeen(Set.of());
      memory.chunks().fullReadBegins();
    }
    snapshot.runs().forEach(run -> takeRun(run, true));
    snapshot.left().forEach(this::takeLeave);
    if (snapshot.complete()) {
      if (memory.seen() == null) {
        throw new AssertionError("a full read completes that never began");
      }
      Set<RunId> given = memory.seen();
      memory.rows().keySet().removeIf(id -> isCovered(id, snapshot) && !given.contains(id));
      memory = memory.withSeen(null);
      sums.isGiven();
      if (snapshot.buckets().isEmpty()) {
        memory.chunks().fullReadEnds();
      } else {
        memory.chunks().noFullRead();
      }
    }
  }

  /** Whether a full read is of this run too: a repair only covers some parts of the feed. */
  private static boolean isCovered(RunId id, Frame.Snapshot snapshot) {
    return snapshot.buckets().isEmpty() || snapshot.buckets().contains(RunHash.bucketOf(id));
  }

  /** One of its rows is lost, or another than it should be: what no protocol can prevent. */
  void falsify(RunId id, int how) {
    Held held = memory.rows().get(id);
    if (how == 0 || held == null) {
      memory.rows().remove(id);
    } else {
      memory.rows().put(id, held.falsified(how));
    }
    sums.isFalsified();
    trace.add(() -> name + " falsifies " + id + " to " + memory.rows().get(id));
  }

  /** What a repair that was interrupted has given counts for nothing. */
  void forgetRepair() {
    if (memory.cursor() == null
        || memory.cursor().page() == null
        || !memory.cursor().page().full()) {
      memory = memory.withSeen(null);
      memory.chunks().noFullRead();
    }
  }

  /** The rows of a REST answer, and nothing else, with the cursor that came along. */
  void takeList(Set<RunId> listed, Iterable<Run> rows, Cursor cursor) {
    // In the midst of a full read it may hold rows of a history that is over.
    boolean goesOn =
        !memory.isInFullRead()
            && memory.cursor() != null
            && memory.cursor().incarnation().equals(cursor.incarnation());
    memory.chunks().forget();
    memory =
        new Memory(
            goesOn ? memory.rows() : Map.of(), memory.chunks(), cursor, null, memory.joined());
    memory.rows().keySet().retainAll(listed);
    byRest = true;
    rows.forEach(run -> takeRun(run, true));
    byRest = false;
  }

  private void takeRun(Run run, boolean whole) {
    Held held = memory.rows().get(run.id());
    // What was held before may be of a history that is over: a full read replaces it.
    boolean isFirstOfFullRead = memory.seen() != null && whole && memory.seen().add(run.id());
    if (held == null ? !whole : !isFirstOfFullRead && isOld(run, whole, held)) {
      return;
    }
    Held now = Held.laidOver(run, whole, held);
    if (trusts && !sums.mayBeFalse()) {
      truth.checkEverWas(run.id(), now);
    }
    if (ordered && !byRest && run.status().isFinal()) {
      memory
          .chunks()
          .requireAll(
              postgres.streams.mustPrecede(run.id(), run.version()).stream()
                  .filter(this::isPromised)
                  .toList(),
              "its run was completed after it: " + run);
    }
    memory.rows().put(run.id(), now);
  }

  private static boolean isOld(Run run, boolean whole, Held held) {
    return held.version() > run.version() || (held.version() == run.version() && !whole);
  }

  private void takeLeave(Frame.Leave leave) {
    Held held = memory.rows().get(leave.run());
    if (held != null && held.version() <= leave.version()) {
      memory.rows().remove(leave.run());
    }
  }

  /** Who is hung up on as revoked must be: as the log says, or the table of a history before. */
  void checkRevoked(Position position, boolean current) {
    ModelRevocations.Stored stored = postgres.revocations.stored(bearer);
    if (stored == null && !postgres.revocations.wasUndone(bearer)) {
      throw new AssertionError(name + " is revoked though nobody did so");
    }
    if (stored != null && current && position != null && position.compareTo(stored.position) < 0) {
      throw new AssertionError(name + " is revoked at " + position + " and not " + stored.position);
    }
  }

  /** Nothing that the log has behind the revocation, and nothing that was written after it. */
  void checkMayBeTold(Frame frame, boolean byTheLog) {
    ModelRevocations.Stored revoked = postgres.revocations.stored(bearer);
    if (revoked == null) {
      return;
    }
    long most = byTheLog ? revoked.position.lsn().value() : revoked.visibleAt;
    truth
        .versionsIn(frame)
        .forEach(
            version -> {
              if (version.position().lsn().value() > most) {
                throw new AssertionError(
                    name + ", revoked at " + revoked.position + ", is told " + version);
              }
            });
  }

  /** What cursors of earlier histories say can't be compared any more. */
  void historyBegins(Incarnation first) {
    truth.historyBegins(first);
  }

  /** Of the runs that it holds as they were at or before its place in the log, the versions. */
  Map<RunId, Long> versionsAtCursor() {
    Map<RunId, Long> versions = new HashMap<>();
    memory
        .rows()
        .forEach(
            (id, held) ->
                postgres.history().getOrDefault(id, List.of()).stream()
                    .filter(stored -> stored.row() != null && held.isOf(stored.row()))
                    .filter(stored -> !stored.position().isAfter(memory.cursor().position()))
                    .forEach(stored -> versions.put(id, held.version())));
    return versions;
  }

  /** Whether it was told, elsewhere, of more than a hub has heard. */
  boolean isAheadOf(Cursor heard) {
    Cursor mine = memory.cursor();
    return mine != null
        && (mine.horizon() > heard.horizon()
            || (mine.position() != null && mine.position().isAfter(heard.position())));
  }

  /**
   * Whether of what a hub has heard all was told that nobody is to wait for: that a run is final,
   * and that it leaves.
   *
   * @param told of each run the version that it was told last
   * @param present the runs that it was told of and that have not left since
   */
  void checkUrgent(Position heard, Map<RunId, Long> told, Set<RunId> present) {
    if (sums.mayBeFalse()) {
      return;
    }
    postgres
        .history()
        .forEach(
            (id, versions) -> {
              Run last = null;
              for (Stored stored : versions) {
                last = stored.position().isAfter(heard) ? last : stored.row();
              }
              Held held = memory.rows().get(id);
              long known = Math.max(told.getOrDefault(id, 0L), held == null ? 0 : held.version());
              if (last != null
                  && known < last.version()
                  && (filter.matches(last) ? last.status().isFinal() : present.contains(id))) {
                throw new AssertionError(name + " is to wait for the end of " + last);
              }
            });
  }

  /** Goes back to an older cursor than its rows are; it must survive that. */
  void forgetProgress(Cursor older) {
    memory.chunks().noFullRead();
    memory = new Memory(memory.rows(), memory.chunks(), older, null, memory.joined());
    sums.forgetsProgress();
  }

  /**
   * Whether what the cursor says is true: of each run, the client's part is what the table held at
   * or after the last version that the cursor covers.
   */
  private void checkCursor() {
    if (sums.hasRows()
        && !sums.mayBeFalse()
        && memory.cursor() != null
        && knows(memory.cursor().incarnation())
        && !memory.isInFullRead()) {
      truth.checkClaim(memory.rows(), this::isCovered, promisedAfter(), memory.cursor());
      if (!memory.cursor().lacksChunks() && !isAmongChunks()) {
        memory.rows().keySet().stream()
            .filter(run -> !truth.hasLeftSince(run, memory.rows().get(run).version()))
            .forEach(run -> memory.chunks().requireAll(covered(run), memory.cursor()));
      }
    }
  }

  private boolean isAmongChunks() {
    return memory.cursor().page() != null && memory.cursor().page().chunks() != null;
  }

  private List<SegmentAppended> covered(RunId run) {
    return postgres.streams.of(run).stream()
        .filter(each -> isPromised(each) && isCovered(each.position(), each.xid()))
        .toList();
  }

  private boolean isPromised(SegmentAppended appended) {
    return appended.position().lsn().value() > promisedAfter();
  }

  private boolean isCovered(Stored version) {
    return isCovered(version.position(), version.xid());
  }

  private boolean isCovered(Position position, long xid) {
    Position reached = memory.cursor().position();
    return xid < memory.cursor().horizon() || (reached != null && !position.isAfter(reached));
  }

  private long promisedAfter() {
    return wish == Wish.FROM_NOW ? memory.joined() : 0;
  }

  /** Compares with the table at rest. */
  void checkAtRest() {
    if (sums.hasRows()) {
      truth.checkAtRest(memory.rows(), promisedAfter());
    }
    sums.checkAtRest(memory.rows());
    memory.chunks().checkAtRest(memory.rows().keySet());
    for (RunId run : memory.rows().keySet()) {
      memory
          .chunks()
          .requireAll(
              postgres.streams.of(run).stream().filter(this::isPromised).toList(), "at rest");
    }
  }
}
