package dev.runcast.hub.tally;

import dev.runcast.hub.log.HeardLog;
import dev.runcast.hub.log.Pin;
import dev.runcast.run.Filter;
import dev.runcast.run.RunChanged;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.tally.FeedTally;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What one feed adds up to, for all who ask. Counts are told at the end of the batch that moved
 * them or, so that nobody is told more often than {@link #PACE}, soon after: the last state always
 * is.
 *
 * <p>Owned by the event loop of its hub; every method runs there.
 */
public final class Tally {
  /** Counts are told at most once in this time: faster than an eye follows. */
  public static final Duration PACE = Duration.ofMillis(200);

  private static final Duration CHECK_EVERY = Duration.ofMinutes(1);
  private static final int CHECK_SHARE = 100;
  private static final int HOLE_SHARE = 10;

  /**
   * Counts, for all who are told them at one place.
   *
   * @param cursor of who is told nothing else
   */
  public record Counts(SharedFrame frame, Cursor cursor) {}

  private final Filter filter;
  private final Tallies tallies;
  private final HeardLog heard;
  private final Recount recount;
  private final Readings readings;
  private final Pace pace;
  private final Set<Follower> followers = new LinkedHashSet<>();
  private boolean withDigest;

  /** Null until it was read, and again once something of it may have been missed. */
  private @Nullable Count count;

  /** What a later read led to, to be compared once it is proven; null as a rule. */
  private @Nullable Count beside;

  private long moves;
  private long movesChecked;
  private @Nullable SharedFrame counted;
  private @Nullable SharedFrame summed;
  private long movesSummed;

  Tally(Filter filter, Tallies tallies, HeardLog heard, InstantSource clock, Recount recount) {
    this.filter = filter;
    this.tallies = tallies;
    this.heard = heard;
    this.recount = recount;
    this.readings = new Readings(clock);
    this.pace = new Pace(PACE, clock, recount);
  }

  public Filter filter() {
    return filter;
  }

  /** Whether the next read is to add up digests too. */
  public boolean isWithDigest() {
    return withDigest;
  }

  void join(Follower follower, boolean digest) {
    boolean isFirst = followers.isEmpty();
    followers.add(follower);
    boolean lacksDigest = digest && !withDigest;
    withDigest |= digest;
    if (isFirst || lacksDigest) {
      read();
    }
  }

  /** Answers whether that was the last. */
  boolean leave(Follower follower) {
    return followers.remove(follower) && followers.isEmpty();
  }

  // Reading.

  private void read() {
    readings.begin();
    recount.read(this);
  }

  /** Tells one reading from another. */
  public long reading() {
    return readings.number();
  }

  /** Whether it still waits for what this reading gives. */
  public boolean isReading(long reading) {
    return readings.isUnderWay() && readings.number() == reading && !followers.isEmpty();
  }

  /**
   * Takes what was read: where nothing was missed since the last time, only to be compared with it.
   *
   * @param pin held since the read began
   */
  public void take(FeedTally read, Pin pin) {
    readings.end();
    long hole = pin.holeFor(read.visibility());
    Count fresh = new Count(filter, read, withDigest, hole, heard.horizon());
    heard.transactionsNotShownBy(
        read.visibility(), transaction -> transaction.changes().forEach(fresh::take));
    fresh.horizonPassed(heard.horizon());
    if (count == null || count.hasHole() || count.hasDigest() != withDigest) {
      begin(fresh);
    } else if (!fresh.hasHole()) {
      beside = fresh;
      compare();
    }
  }

  private void begin(Count fresh) {
    count = fresh;
    moves++;
    movesChecked = moves;
    tell();
  }

  private void compare() {
    if (count == null || beside == null || count.restsOnSnapshot() || beside.restsOnSnapshot()) {
      return;
    }
    Count recounted = beside;
    beside = null;
    if (!recounted.isLike(count)) {
      tallies.differs();
      recount.differs(this, count.toString(), recounted.toString());
      begin(recounted);
    }
  }

  /** Something of it may have been missed: nothing is told until it was read anew. */
  void readAgain() {
    count = null;
    beside = null;
    read();
  }

  /** After a crash transaction ids are given out anew: no snapshot can be trusted further. */
  void sessionChanged() {
    beside = null;
    if (count != null && count.restsOnSnapshot()) {
      readAgain();
    }
  }

  /** Reads it beside, if that is due; answers whether it does. */
  boolean check() {
    boolean due =
        isExact()
            && beside == null
            && moves != movesChecked
            && readings.mayRepeat(CHECK_EVERY, CHECK_SHARE);
    if (due) {
      movesChecked = moves;
      read();
    }
    return due;
  }

  // From the log.

  /** Takes a change of the feed's scope; answers whether there is something to tell of it. */
  public boolean take(RunChanged change) {
    boolean moved = count != null && count.take(change);
    if (beside != null) {
      beside.take(change);
    }
    moves += moved ? 1 : 0;
    return moved;
  }

  void horizonPassed() {
    if (count != null) {
      count.horizonPassed(heard.horizon());
      if (beside != null) {
        beside.horizonPassed(heard.horizon());
        compare();
      }
      readAgainForHole(count);
    }
    List.copyOf(followers).forEach(Follower::horizonPassed);
  }

  /** As soon as that closes it; until then for news, since no change moves it. */
  private void readAgainForHole(Count known) {
    boolean closes = heard.hole() == 0 && !readings.isUnderWay();
    if (known.hasHole() && (closes || readings.mayRepeat(Duration.ZERO, HOLE_SHARE))) {
      read();
    }
  }

  /** Tells its counts, now or soon. */
  void tell() {
    pace.tell(this::tellAll);
  }

  private void tellAll() {
    if (isTold()) {
      List.copyOf(followers).forEach(Follower::counted);
    } else if (count != null) {
      readAgain();
    }
  }

  // What it comes to.

  /** Whether there are counts to be told. */
  public boolean isTold() {
    return count != null && count.isPossible();
  }

  /** Whether it is what the log up to here comes to, and nothing else. */
  public boolean isExact() {
    return count != null && !count.restsOnSnapshot() && !count.hasHole();
  }

  /** Whether there is a digest to be told, of exactly what the log up to here comes to. */
  public boolean hasDigest() {
    return isExact() && known().hasDigest();
  }

  /** Goes on whenever something of it changes. */
  public long moves() {
    return moves;
  }

  /** The counts as they are. */
  public Counts counts() {
    Count known = known();
    SortedMap<String, Long> byStatus = known.byStatus();
    SharedFrame frame = counted;
    if (frame == null || !((Frame.Counts) frame.frame()).byStatus().equals(byStatus)) {
      frame = new SharedFrame(new Frame.Counts(byStatus, known.committedAt()));
      counted = frame;
    }
    return new Counts(frame, cursor(known));
  }

  private Cursor cursor(Count known) {
    return isExact()
        ? heard.now().orElseThrow()
        : Cursor.ofRead(heard.requireIncarnation(), known.base());
  }

  /**
   * The digest as it is; only where it {@link #hasDigest}.
   *
   * @param ofEach whether the digest of each part is told too
   */
  public SharedFrame digest(boolean ofEach) {
    List<Long> buckets = known().buckets();
    long sum = buckets.stream().mapToLong(Long::longValue).sum();
    Frame.Digest digest = new Frame.Digest(sum, known().size(), ofEach ? buckets : List.of());
    if (ofEach) {
      return new SharedFrame(digest);
    }
    SharedFrame frame = summed;
    if (frame == null || movesSummed != moves) {
      frame = new SharedFrame(digest);
      summed = frame;
      movesSummed = moves;
    }
    return frame;
  }

  private Count known() {
    if (count == null) {
      throw new IllegalStateException("not read yet");
    }
    return count;
  }
}
