package dev.runcast.hub;

import dev.runcast.hub.told.Told;
import dev.runcast.hub.waiting.AwaitedChunks.Await;
import dev.runcast.hub.waiting.ChunkTelling;
import dev.runcast.hub.waiting.Telling;
import dev.runcast.hub.waiting.Withheld;
import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.ChunkRange;
import dev.runcast.run.stream.SegmentAppended;
import dev.runcast.run.stream.StreamSelection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a live subscription makes of chunks: those of the stream go on as they come, in the order of
 * the log. Where the stream is not enough, since the run has just come into the feed or something
 * may have been missed, what is stored is read first. Owned by the hub's event loop.
 */
final class ChunkIntake {
  private final Subscription subscription;
  private final Hub hub;
  private final StreamSelection streams;
  private final Delivery delivery;
  private final Told told;
  private final Withheld withheld;
  private final boolean ofSeveral;

  ChunkIntake(Subscription subscription, Hub hub, StreamSelection streams, Delivery delivery) {
    this.subscription = subscription;
    this.hub = hub;
    this.streams = streams;
    this.delivery = delivery;
    this.told = delivery.told;
    this.withheld = delivery.withheld;
    this.ofSeveral = subscription.hasRows() && !(subscription.filter() instanceof Filter.ByRun);
  }

  Filter filter() {
    return subscription.filter();
  }

  StreamSelection streams() {
    return streams;
  }

  /** Whether it is told chunks of more than one run. */
  boolean isOfSeveral() {
    return ofSeveral;
  }

  /** Whether a subscription is told chunks at all, and of more than one run. */
  static boolean tellsOfSeveral(Subscription subscription) {
    ChunkIntake chunks = subscription.chunks();
    return chunks != null && chunks.ofSeveral;
  }

  // What comes.

  /** Takes chunks of the recent past, which may concern the feed or not. */
  void offerAgain(SegmentAppended appended) {
    if (appended.segment().count() > 0 && hub.chunks().belong(appended, this)) {
      offer(hub.chunks().telling(appended), false);
    }
  }

  /**
   * Takes chunks of a run of the feed.
   *
   * @param late whether the log has told what lies behind them already
   */
  void offer(ChunkTelling telling, boolean late) {
    if (!subscription.isLive()
        || !streams.takes(telling.stream())
        || told.covers(telling.appended())) {
      return;
    }
    Position claimed = late ? delivery.claimed() : null;
    if (claimed != null && !telling.position().isAfter(claimed)) {
      return; // others waited for it
    }
    if (told.hasHole() || withheld.awaitedChunks(telling.run()) != null) {
      awaitWith(telling.run(), telling.position(), false);
      subscription.ask(telling.run());
    } else if (!late && mayGoAtOnce()) {
      delivery.sendAtOnce(telling);
    } else {
      delivery.sendOrKeep(telling);
    }
    subscription.checkBudget();
  }

  private boolean mayGoAtOnce() {
    return delivery.isProven() && delivery.isClear() && !withheld.isPutOff() && unplaced() == null;
  }

  // What is known of them.

  /** The first place of chunks that may be of its feed and can't be told yet; null for none. */
  @Nullable Position unplaced() {
    return ofSeveral ? hub.placing().firstAfter(delivery.claimed(), filter().environment()) : null;
  }

  /**
   * Whether a read of its feed has shown what this transaction wrote, as far as none has proven it.
   */
  boolean wasShown(long xid) {
    return told.wasShown(xid);
  }

  /** Whether its client was told of these chunks already. */
  boolean covers(SegmentAppended appended) {
    return told.covers(appended);
  }

  /** Whether chunks of a run that was read may lie before the change by which it came in. */
  boolean mayHaveMissed(RunChanged change) {
    return ofSeveral && !change.inserted() && !told.isBehind(change.position());
  }

  /** Whether a change brings a run into the feed that may have chunks stored. */
  boolean entersWithChunks(Telling telling, Telling.Kind kind) {
    Run run = telling.change().run();
    return kind == Telling.Kind.ENTRY
        && !telling.change().inserted()
        && streams.takesAnyOf(run.facts().realtimeStreams());
  }

  // Runs of which they are read.

  /** Whether nothing of a run may be told before its chunks were read. */
  boolean awaits(RunId run) {
    return withheld.awaitedChunks(run) != null;
  }

  /** News of a run is read rather than told, and its chunks before it. */
  void awaitWith(RunId run, Position oldest, boolean whole) {
    withheld.awaitChunks(run, oldest, hub.heard().horizonAt(oldest), whole);
  }

  void stopAwaiting(RunId run) {
    withheld.stopAwaiting(run);
  }

  /** Begins to read a run; null if nothing of it is awaited or it is being read. */
  @Nullable RunToRead begin(RunId run, Intake intake) {
    Await await = withheld.awaitedChunks(run);
    return await == null || !await.begin()
        ? null
        : new RunToRead(intake, this, await, range(await));
  }

  /**
   * What a horizon had passed before is told, unless something may have been missed: that the run
   * has come in, too.
   */
  private ChunkRange range(Await await) {
    if (await.isWhole()) {
      return ChunkRange.ALL;
    }
    return told.hasHole()
        ? told.untold(await.run(), ofSeveral && mayEnter())
        : ChunkRange.since(await.since());
  }

  /** Whether runs come into the feed that were there before. */
  private boolean mayEnter() {
    return filter() instanceof Filter.ByTags || !filter().narrowing().statuses().isEmpty();
  }

  boolean isWanted(Await await) {
    return subscription.isLive() && withheld.awaitedChunks(await.run()) == await;
  }

  Delivery delivery() {
    return delivery;
  }

  /**
   * The stored chunks of a run were told up to what a snapshot shows: tells what the stream has
   * brought beyond that. What may not be in sequence, since there is a hole, is awaited again.
   */
  void told(Await await, Visibility shown) {
    List<SegmentAppended> beyond = new ArrayList<>();
    hub.heard()
        .transactionsNotShownBy(
            shown,
            transaction ->
                transaction.segments().stream()
                    .filter(appended -> isBeyond(appended, await))
                    .forEach(beyond::add));
    if (!told.hasHole()) {
      beyond.forEach(appended -> delivery.sendOrKeep(hub.chunks().telling(appended)));
    }
    told.readChunks(await.run(), shown);
    withheld.stopAwaiting(await.run());
    if (told.hasHole() && !beyond.isEmpty()) {
      awaitWith(await.run(), beyond.get(0).position(), false);
    }
  }

  private boolean isBeyond(SegmentAppended appended, Await await) {
    return appended.segment().stream().run().equals(await.run())
        && appended.segment().stream().environment().equals(filter().environment())
        && appended.segment().count() > 0
        && streams.takes(appended.segment().stream())
        && (await.isWhole() || !await.oldest().isAfter(appended.position()));
  }
}
