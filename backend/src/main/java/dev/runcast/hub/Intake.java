package dev.runcast.hub;

import dev.runcast.hub.waiting.Pending;
import dev.runcast.hub.waiting.Samples;
import dev.runcast.hub.waiting.Telling;
import dev.runcast.hub.waiting.Withheld;
import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Visibility;
import org.jspecify.annotations.Nullable;

/**
 * What a live subscription makes of the stream: it drops what the client was told, merges news into
 * what is withheld, and has a run read where the news of it is not enough. Owned by the hub's event
 * loop.
 */
final class Intake {
  private final Subscription subscription;
  private final Hub hub;
  private final Resync resync;
  private final boolean wholeRows;
  private final Delivery delivery;
  private final Told told;
  private final Withheld withheld;

  /** Null unless the client samples. */
  private final @Nullable Samples samples;

  /**
   * @param wholeRows whether every row must be sent whole, since the client may hold none of them
   */
  Intake(Subscription subscription, Hub hub, Resync resync, boolean wholeRows, Delivery delivery) {
    this.subscription = subscription;
    this.hub = hub;
    this.resync = resync;
    this.wholeRows = wholeRows;
    this.delivery = delivery;
    this.told = delivery.told;
    this.withheld = delivery.withheld;
    this.samples = withheld.samples();
  }

  /** Whether nothing about the past is left to be proven or read. */
  boolean isProven() {
    return !told.restsOnSnapshot() && !told.hasHole() && withheld.isAllRead();
  }

  /** Takes a change of the recent past, which may concern the feed or not. */
  void offerAgain(RunChanged change) {
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
      return;
    }
    Telling.Kind needed = wholeRows && kind == Telling.Kind.UPDATE ? Telling.Kind.ENTRY : kind;
    boolean incomplete = needed == Telling.Kind.ENTRY && !change.run().isWhole();
    RunId run = change.run().id();
    boolean atOnce = isProven() && !incomplete && delivery.isClear();
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
    if (samples != null && tooSoon && !news.isUrgent()) {
      samples.putOff(news);
    } else {
      pass(news);
    }
    shed();
    subscription.checkBudget();
  }

  private void pass(Pending news) {
    noteTold(news.run().id(), news.kind());
    if (news.needsReading() || (told.hasHole() && news.kind() != Telling.Kind.LEAVE)) {
      readFirst(news.toBeRead());
    } else {
      delivery.sendOrKeep(news);
    }
  }

  // Sampling.

  private boolean isTooSoon(RunId run) {
    return samples != null && samples.isTooSoon(run, hub.sampling().now());
  }

  private void noteTold(RunId run, Telling.Kind kind) {
    if (samples != null && kind != Telling.Kind.LEAVE) {
      samples.told(run, hub.sampling().now());
      hub.sampling().expect(subscription, samples.nextDue());
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

  // Runs that are read on their own.

  private void readFirst(Pending news) {
    withheld.awaitRead(news);
    hub.unsettled(subscription);
    resync.one(subscription, news.run().id());
  }

  /** Asks again for what no read has answered yet. */
  void readAgain() {
    withheld.runsToRead().forEach(run -> resync.one(subscription, run));
  }

  /** The version of the newest news of a run that waits to be read; 0 if it does not. */
  long versionToRead(RunId run) {
    Pending news = withheld.awaitingRead(run);
    return news == null ? 0 : news.run().version();
  }

  /** Takes the answer of a read of one run; see {@link Subscription#readOne}. */
  void takeOne(RunId id, long asked, Visibility snapshot, @Nullable Run row) {
    Pending news = withheld.awaitingRead(id);
    if (news == null) {
      return;
    }
    if (row == null ? !snapshot.shows(news.newest().xid()) : row.version() < news.run().version()) {
      if (news.run().version() > asked) {
        resync.one(subscription, id);
      }
      return;
    }
    withheld.takeUnread(id);
    told.readOne(id, snapshot);
    hub.unsettled(subscription);
    boolean matches = row != null && subscription.filter().matches(row);
    delivery.sendOrKeep(row == null ? news.gone() : news.read(row, matches));
    // What waited to be read weighed little; the whole row that came back may not.
    subscription.checkBudget();
  }
}
