package dev.runcast.hub;

import dev.runcast.hub.log.HeardLog;
import dev.runcast.hub.log.Pin;
import dev.runcast.hub.told.Told;
import dev.runcast.hub.waiting.Pending;
import dev.runcast.hub.waiting.Samples;
import dev.runcast.hub.waiting.Telling;
import dev.runcast.hub.waiting.Withheld;
import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.SegmentAppended;
import org.jspecify.annotations.Nullable;

/**
 * What a live subscription makes of the stream: it drops what the client was told, merges news into
 * what is withheld, and has a run read where the news of it is not enough. Owned by the hub's event
 * loop.
 */
public final class Intake {
  private final Subscription subscription;
  private final Hub hub;
  private final boolean wholeRows;
  private final @Nullable ChunkIntake chunks;
  private final Delivery delivery;
  private final Told told;
  private final Withheld withheld;

  /** Null unless the client samples. */
  private final @Nullable Samples samples;

  /**
   * @param wholeRows whether every row must be sent whole, since the client may hold none of them
   * @param chunks what becomes of chunks; null where none are told
   */
  Intake(
      Subscription subscription,
      Hub hub,
      boolean wholeRows,
      @Nullable ChunkIntake chunks,
      Delivery delivery) {
    this.subscription = subscription;
    this.hub = hub;
    this.wholeRows = wholeRows;
    this.chunks = chunks;
    this.delivery = delivery;
    this.told = delivery.told;
    this.withheld = delivery.withheld;
    this.samples = withheld.samples();
  }

  /** What becomes of chunks; null where none are told. */
  @Nullable ChunkIntake chunks() {
    return chunks;
  }

  /** Takes chunks of the recent past, which may concern the feed or not. */
  void offerAgain(SegmentAppended appended) {
    if (chunks != null && subscription.isLive()) {
      chunks.offerAgain(appended);
    }
  }

  /** Takes a change of the recent past, which may concern the feed or not. */
  void offerAgain(RunChanged change) {
    if (!subscription.isLive()) {
      return;
    }
    Filter filter = subscription.filter();
    boolean now = filter.matches(change.run());
    boolean before = filter.matchedBefore(change);
    if (now || before) {
      offer(hub.telling(change), Telling.Kind.of(now, before));
    }
  }

  /** Takes a change that concerns the feed. */
  void offer(Telling telling, Telling.Kind kind) {
    RunChanged change = telling.change();
    if (told.covers(change)) {
      if (kind == Telling.Kind.ENTRY && chunks != null && chunks.mayHaveMissed(change)) {
        hub.chunks().entersAsShown(change, chunks);
      }
      return;
    }
    Telling.Kind needed = wholeRows && kind == Telling.Kind.UPDATE ? Telling.Kind.ENTRY : kind;
    boolean incomplete =
        (needed == Telling.Kind.ENTRY && !change.run().isWhole())
            || (chunks != null && chunks.entersWithChunks(telling, kind));
    RunId run = change.run().id();
    boolean atOnce =
        delivery.isProven()
            && !incomplete
            && delivery.isClear()
            && (chunks == null || chunks.unplaced() == null);
    if (atOnce && !withheld.isPutOff() && !isTooSoon(run)) {
      noteTold(run, kind);
      shed();
      delivery.sendAtOnce(telling, needed);
    } else {
      keep(telling, kind);
    }
  }

  private void keep(Telling telling, Telling.Kind kind) {
    RunId run = telling.change().run().id();
    boolean tooSoon = isTooSoon(run) && !withheld.isUnderWay(run);
    Pending news = withheld.merge(Pending.of(telling, kind));
    if (wholeRows) {
      news = news.asEntry();
    }
    boolean enters = chunks != null && chunks.entersWithChunks(telling, kind);
    if (chunks != null && enters) {
      chunks.awaitWith(news.run().id(), news.oldest(), true);
    }
    if (samples != null && tooSoon && !enters && !news.isUrgent()) {
      samples.putOff(news);
    } else {
      pass(news);
    }
    shed();
    subscription.checkBudget();
  }

  private void pass(Pending news) {
    noteTold(news.run().id(), news.kind());
    if (mustBeRead(news)) {
      readFirst(news.toBeRead());
    } else {
      if (chunks != null && news.kind() == Telling.Kind.LEAVE) {
        chunks.stopAwaiting(news.run().id());
      }
      delivery.sendOrKeep(news);
    }
  }

  // Sampling.

  private boolean isTooSoon(RunId run) {
    return samples != null && samples.isTooSoon(run, hub.audience().sampling().now());
  }

  private void noteTold(RunId run, Telling.Kind kind) {
    if (samples != null && kind != Telling.Kind.LEAVE) {
      samples.told(run, hub.audience().sampling().now());
      hub.audience().sampling().expect(subscription, samples.nextDue());
    }
  }

  /** What is too much to be put off is told early: a client that samples is not slow. */
  private void shed() {
    while (samples != null && !samples.isEmpty() && delivery.isOverBudget()) {
      Pending early = samples.takeFirst();
      if (early != null) {
        pass(early);
      }
    }
  }

  /** See {@link Subscription#tellPutOff}. */
  long tellPutOff(long now) {
    if (samples == null) {
      return Long.MAX_VALUE;
    }
    for (Pending due = samples.takeDue(now); due != null; due = samples.takeDue(now)) {
      pass(due);
    }
    shed();
    subscription.checkBudget();
    return samples.nextDue();
  }

  /** In a hole nothing is told by the log alone, for it may hide that the client was revoked. */
  private boolean mustBeRead(Pending news) {
    boolean leaves = news.kind() == Telling.Kind.LEAVE;
    return news.needsReading()
        || told.hasHole()
        || (!leaves && chunks != null && chunks.awaits(news.run().id()));
  }

  // What a horizon proves.

  /** A horizon has passed: what it proves need not be remembered, and a hole may be closed. */
  void horizonPassed() {
    closeHole();
    settle();
    if (subscription.isLive()) {
      withheld.runsToRead().forEach(subscription::ask);
    }
  }

  /** Reads once more when everything that the hole may have hidden has become visible. */
  void closeHole() {
    if (subscription.isLive() && told.canCloseHole(hub.heard())) {
      subscription.readAgain();
    }
  }

  /**
   * Lets go of what a horizon proves: of what lies before all that waits, for whatever a read has
   * shown of that is known by its snapshot alone.
   */
  void settle() {
    if (subscription.isLive()) {
      Position waiting = chunks == null ? null : chunks.unplaced();
      HeardLog heard = hub.heard();
      told.horizonPassed(waiting == null ? heard.horizon() : heard.horizonAt(waiting));
      if (subscription.isSettled()) {
        hub.audience().settles(subscription);
      }
    }
  }

  // Runs that are read on their own.

  private void readFirst(Pending news) {
    withheld.awaitRead(news);
    if (chunks != null) {
      chunks.awaitWith(news.run().id(), news.oldest(), false);
    }
    hub.audience().unsettles(subscription);
    subscription.ask(news.run().id());
  }

  /** The version of the newest news of a run that waits to be read; 0 if it does not. */
  public long versionToRead(RunId run) {
    Pending news = withheld.awaitingRead(run);
    return news == null ? 0 : news.run().version();
  }

  /**
   * Answers {@link Resync#one}. A snapshot that does not show the change yet is asked again: at
   * once if more news came meanwhile, otherwise with the next horizon.
   *
   * @param asked the version of the newest news when the read was asked for
   */
  public void readOne(RunId id, long asked, Visibility snapshot, @Nullable Run row) {
    Pending news = subscription.isLive() ? withheld.awaitingRead(id) : null;
    if (news != null && !isAheadOf(snapshot, row, news)) {
      tell(news, snapshot, row);
    } else if (news != null && news.run().version() > asked) {
      subscription.ask(id);
    }
    settle();
  }

  /**
   * Begins to read a run of which the chunks are told first; null if nothing waits for that, or it
   * is under way.
   */
  public @Nullable RunToRead beginReading(RunId run) {
    return chunks == null || !subscription.isLive() ? null : chunks.begin(run, this);
  }

  /** Takes a run whose chunks were told; see {@link RunToRead#done}. */
  void readRun(RunToRead read, Visibility snapshot, @Nullable Run row, Pin pin) {
    Pending news = withheld.awaitingRead(read.run());
    if (chunks == null || (news != null && isAheadOf(snapshot, row, news)) || read.isOutdated()) {
      if (read.hasNews()) {
        subscription.ask(read.run());
      }
    } else if (told.hasHole() || pin.holeFor(snapshot) == 0) {
      chunks.told(read.await(), snapshot);
      hub.audience().unsettles(subscription);
      if (news != null) {
        tell(news, snapshot, row);
      }
    }
    settle();
  }

  /** Whether what was heard of a run is not yet visible to what was read. */
  private static boolean isAheadOf(Visibility snapshot, @Nullable Run row, Pending news) {
    return row == null
        ? !snapshot.shows(news.newest().xid())
        : row.version() < news.run().version();
  }

  private void tell(Pending news, Visibility snapshot, @Nullable Run row) {
    RunId id = news.run().id();
    withheld.takeUnread(id);
    told.readOne(id, snapshot);
    hub.audience().unsettles(subscription);
    boolean matches = row != null && subscription.filter().matches(row);
    delivery.sendOrKeep(row == null ? news.gone() : news.read(row, matches));
    // What waited to be read weighed little; the whole row that came back may not.
    subscription.checkBudget();
  }
}
