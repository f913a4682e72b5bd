package dev.runcast.hub;

import dev.runcast.hub.SubscriptionIndex.Feed;
import dev.runcast.hub.chunk.Placing;
import dev.runcast.hub.chunk.RunCard;
import dev.runcast.hub.chunk.RunCards;
import dev.runcast.hub.log.HeardLog;
import dev.runcast.hub.waiting.ChunkTelling;
import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.FilterKey;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.place.Position;
import dev.runcast.run.stream.SegmentAppended;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings chunks to the subscriptions that ask for them. Who follows one run is found by it; feeds
 * of several go by what the run was at the chunk's place in the log. Owned by the hub's event loop.
 */
final class ChunkRoutes {
  private final HeardLog heard;
  private final SubscriptionIndex index;
  private final RunCards cards;
  private final Placing placing;

  /**
   * @param knownRuns of how many runs is known what they are
   */
  ChunkRoutes(HeardLog heard, SubscriptionIndex index, int knownRuns) {
    this.heard = heard;
    this.index = index;
    this.cards = new RunCards(knownRuns);
    this.placing = new Placing(heard, cards, this::tellLate, this::readAgain);
  }

  Placing placing() {
    return placing;
  }

  // Who is there.

  /** The first comes who is told chunks of several runs: what was heard so far is to be known. */
  void comes(ChunkIntake intake) {
    EnvironmentId environment = intake.filter().environment();
    if (!intake.isOfSeveral() || index.hasStreams(environment)) {
      return;
    }
    heard.everyTransaction(
        transaction ->
            transaction.changes().stream()
                .filter(change -> change.run().environment().equals(environment))
                .forEach(change -> cards.hear(FilterKey.of(change.run()), change)));
  }

  /** One has left; with the last of them goes what is known. */
  void left(ChunkIntake intake) {
    EnvironmentId environment = intake.filter().environment();
    if (intake.isOfSeveral() && !index.hasStreams(environment)) {
      cards.forget(environment);
      placing.forget(environment);
    }
  }

  // From the log.

  /** Chunks, in the order of the log among the changes. */
  void take(SegmentAppended appended) {
    FilterKey run = appended.segment().stream().ofRun();
    if (!holdsChunks(appended)) {
      return;
    }
    offer(appended, index.followersOf(run), false);
    if (index.hasStreams(run.environment())) {
      RunCard card = placing.known(run, appended.position());
      if (card == null) {
        placing.add(run, appended);
      } else {
        offer(appended, followersOf(appended.position(), card), false);
      }
    }
  }

  /** Whether it is more than that a writer came or left, and of what runs put out. */
  private static boolean holdsChunks(SegmentAppended appended) {
    return appended.segment().count() > 0 && appended.segment().stream().isOutput();
  }

  /** A change, before it is told: what waits to be placed comes before it. */
  void hear(RunChanged change) {
    if (index.hasStreams(change.run().environment())) {
      FilterKey run = FilterKey.of(change.run());
      cards.hear(run, change);
      placing.hear(run, change);
    }
  }

  void missed(Oversized transaction) {
    cards.missed(transaction);
  }

  /** Something was missed, and all who are told chunks read again. */
  void forget() {
    cards.forget();
    placing.forget();
  }

  // Whose they are.

  private void tellLate(Placing.Late late, RunCard card) {
    List<ChunkIntake> followers = followersOf(late.appended().position(), card);
    Set<Object> those = late.onlyFor();
    if (those != null) {
      followers.retainAll(those);
    }
    offer(late.appended(), followers, true);
  }

  private void offer(SegmentAppended appended, Collection<ChunkIntake> followers, boolean late) {
    if (!followers.isEmpty()) {
      ChunkTelling telling = telling(appended);
      followers.forEach(intake -> intake.offer(telling, late));
    }
  }

  ChunkTelling telling(SegmentAppended appended) {
    return ChunkTelling.of(appended, heard.cursorOf(appended.position()));
  }

  private List<ChunkIntake> followersOf(Position place, RunCard card) {
    Set<Feed> feeds = new LinkedHashSet<>();
    card.since(place).forEach(run -> feeds.addAll(index.matching(run)));
    List<ChunkIntake> followers = new ArrayList<>();
    for (Feed feed : feeds) {
      for (ChunkIntake intake : feed.withStreams()) {
        if (intake.isOfSeveral() && belongs(place, card, intake)) {
          followers.add(intake);
        }
      }
    }
    return followers;
  }

  /**
   * Whether chunks at a place are a subscription's: by what the run was there; or, where a read has
   * shown it the run as it was later and not yet these chunks, by what it was then.
   */
  private static boolean belongs(Position place, RunCard card, ChunkIntake intake) {
    Run shown = card.shownAfter(place, intake::wasShown);
    Run decisive = shown == null ? card.at(place) : shown;
    return decisive != null && intake.filter().matches(decisive);
  }

  /** Whether chunks of the recent past are a subscription's; what is not known is told later. */
  boolean belong(SegmentAppended appended, ChunkIntake intake) {
    FilterKey run = appended.segment().stream().ofRun();
    if (!intake.isOfSeveral()) {
      return run.equals(intake.filter().keys().get(0));
    }
    if (!run.environment().equals(intake.filter().environment()) || !holdsChunks(appended)) {
      return false;
    }
    RunCard card = placing.known(run, appended.position());
    if (card == null) {
      placing.join(run, appended, intake);
      return false;
    }
    return belongs(appended.position(), card, intake);
  }

  /**
   * The log comes to a change that a read has shown already, and by which a run came into the feed:
   * chunks that lie before it and that the read has not shown were not told.
   */
  void entersAsShown(RunChanged change, ChunkIntake intake) {
    FilterKey run = FilterKey.of(change.run());
    RunCard card = cards.get(run);
    heard
        .segments(
            appended ->
                appended.segment().stream().ofRun().equals(run)
                    && holdsChunks(appended)
                    && change.position().isAfter(appended.position())
                    && wasOutside(appended.position(), card, intake)
                    && !intake.covers(appended))
        .forEach(appended -> intake.offer(telling(appended), true));
  }

  private static boolean wasOutside(Position place, @Nullable RunCard card, ChunkIntake intake) {
    Run there = card == null ? null : card.at(place);
    return there == null || !intake.filter().matches(there);
  }

  private void readAgain(EnvironmentId environment) {
    index.all().stream()
        .filter(subscription -> subscription.filter().environment().equals(environment))
        .filter(ChunkIntake::tellsOfSeveral)
        .forEach(Subscription::resyncNow);
  }
}
