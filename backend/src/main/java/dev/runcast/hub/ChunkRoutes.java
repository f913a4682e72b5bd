package dev.runcast.hub;

import dev.runcast.hub.SubscriptionIndex.Feed;
import dev.runcast.hub.chunk.RunCard;
import dev.runcast.hub.chunk.RunCards;
import dev.runcast.hub.chunk.Unplaced;
import dev.runcast.hub.chunk.Unplaced.Waiting;
import dev.runcast.hub.log.HeardLog;
import dev.runcast.hub.log.Pin;
import dev.runcast.hub.waiting.ChunkTelling;
import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.FilterKey;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.SegmentAppended;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Brings chunks to the subscriptions that ask for them. Who follows one run is found by it; feeds
 * of several go by what the run was at the chunk's place in the log. Where that is not known the
 * run is read, its chunks wait in the ring, and nobody who might be told of them claims to have
 * been. Owned by the hub's event loop.
 */
public final class ChunkRoutes {

  /**
   * A run that is to be read, since it is not known.
   *
   * @param upTo the last of its chunks that waited when this was asked for
   * @param joined how many subscriptions had come to wait since they were read for
   */
  public record Asked(
      EnvironmentId environment, RunId run, Waiting waiting, Position upTo, int joined) {}

  private final Hub hub;
  private final HeardLog heard;
  private final SubscriptionIndex index;
  private final RunCards cards = new RunCards();
  private final Unplaced unplaced = new Unplaced();
  private Consumer<Asked> reader = asked -> {};

  ChunkRoutes(Hub hub, SubscriptionIndex index) {
    this.hub = hub;
    this.heard = hub.heard();
    this.index = index;
  }

  /** Who reads a run that is not known; to be answered by {@link #placed} or {@link #failed}. */
  public void readBy(Consumer<Asked> asked) {
    reader = asked;
  }

  // Who is there.

  /** The first comes who is told chunks of several runs: what was heard so far is to be known. */
  void comes(Subscription subscription) {
    EnvironmentId environment = subscription.filter().environment();
    if (!subscription.tellsChunksOfSeveral() || index.hasStreams(environment)) {
      return;
    }
    heard.everyTransaction(
        transaction ->
            transaction.changes().stream()
                .filter(change -> change.run().environment().equals(environment))
                .forEach(change -> cards.hear(key(change.run()), change)));
  }

  /** One has left; with the last of them goes what is known. */
  void left(Subscription subscription) {
    EnvironmentId environment = subscription.filter().environment();
    if (subscription.tellsChunksOfSeveral() && !index.hasStreams(environment)) {
      cards.forget(environment);
      unplaced.forget(environment);
    }
  }

  // From the log.

  /** Chunks, in the order of the log among the changes. */
  void take(SegmentAppended appended) {
    FilterKey run = appended.segment().stream().ofRun();
    if (appended.segment().count() == 0) {
      return;
    }
    Collection<Subscription> followers = index.followersOf(run);
    if (!followers.isEmpty()) {
      ChunkTelling telling = hub.telling(appended);
      followers.forEach(subscription -> subscription.offer(telling, false));
    }
    if (index.hasStreams(run.environment())) {
      RunCard card = unplaced.get(run) == null ? cards.get(run) : null;
      if (card == null || card.at(appended.position()) == null) {
        unplaced.add(run, appended);
      } else {
        tell(appended, card, false);
      }
    }
  }

  /** A change, before it is told: what waits to be placed comes before it. */
  void hear(RunChanged change) {
    if (!index.hasStreams(change.run().environment())) {
      return;
    }
    FilterKey run = key(change.run());
    cards.hear(run, change);
    Waiting waiting = unplaced.get(run);
    if (waiting != null) {
      RunCard card = new RunCard();
      card.hear(change);
      tellWaiting(waiting, change.position(), card);
    }
  }

  void missed(Oversized transaction) {
    cards.missed(transaction);
  }

  /** Between two batches: asks for what is not known. */
  void batchIsOver() {
    if (unplaced.isTooMuch()) {
      Set<EnvironmentId> concerned = new LinkedHashSet<>();
      unplaced.all().forEach(waiting -> concerned.add(waiting.run().environment()));
      concerned.forEach(this::readAgain);
    }
    askForUnknown();
  }

  /** Has runs read of which chunks wait. */
  void askForUnknown() {
    if (!unplaced.isEmpty()) {
      unplaced.all().forEach(this::ask);
    }
  }

  private void ask(Waiting waiting) {
    if (waiting.ask()) {
      FilterKey run = waiting.run();
      reader.accept(
          new Asked(
              run.environment(),
              new RunId(run.value()),
              waiting,
              waiting.places().last(),
              waiting.joined()));
    }
  }

  /** What was asked for in vain may be answered now. */
  void horizonPassed() {
    unplaced.all().forEach(Waiting::renew);
  }

  /** Something was missed, and all who are told chunks read again. */
  void forget() {
    cards.forget();
    unplaced.forget();
  }

  // Whose they are.

  private void tell(SegmentAppended appended, RunCard card, boolean late) {
    List<Subscription> followers = followersOf(appended.position(), card);
    if (!followers.isEmpty()) {
      ChunkTelling telling = hub.telling(appended);
      followers.forEach(subscription -> subscription.offer(telling, late));
    }
  }

  private List<Subscription> followersOf(Position place, RunCard card) {
    Set<Feed> feeds = new LinkedHashSet<>();
    card.since(place).forEach(run -> feeds.addAll(index.matching(run)));
    List<Subscription> followers = new ArrayList<>();
    for (Feed feed : feeds) {
      for (Subscription subscription : feed.withStreams()) {
        if (subscription.tellsChunksOfSeveral() && belongs(place, card, subscription)) {
          followers.add(subscription);
        }
      }
    }
    return followers;
  }

  /**
   * Whether chunks at a place are a subscription's: the run was in its feed there, or a read has
   * shown it a run that was in the feed only later, and not yet these chunks.
   */
  private static boolean belongs(Position place, RunCard card, Subscription subscription) {
    Run there = card.at(place);
    Run shown = card.shownAfter(place, subscription::wasShown);
    return (there != null && subscription.filter().matches(there))
        || (shown != null && subscription.filter().matches(shown));
  }

  /** Whether chunks of the recent past are a subscription's; what is not known is told later. */
  boolean belong(SegmentAppended appended, Subscription subscription) {
    FilterKey run = appended.segment().stream().ofRun();
    if (!subscription.tellsChunksOfSeveral()) {
      return run.equals(subscription.filter().keys().get(0));
    }
    if (!run.environment().equals(subscription.filter().environment())) {
      return false;
    }
    RunCard card = unplaced.get(run) == null ? cards.get(run) : null;
    if (card == null || card.at(appended.position()) == null) {
      unplaced.join(run, appended);
      return false;
    }
    return belongs(appended.position(), card, subscription);
  }

  /**
   * The log comes to a change that a read has shown already, and by which a run came into the feed:
   * chunks that lie before it and that the read has not shown were not told.
   */
  void entersAsShown(RunChanged change, Subscription subscription) {
    FilterKey run = key(change.run());
    RunCard card = cards.get(run);
    Predicate<Position> wasOutside =
        place -> {
          Run there = card == null ? null : card.at(place);
          return there == null || !subscription.filter().matches(there);
        };
    find(
            run,
            place -> change.position().isAfter(place) && wasOutside.test(place),
            appended -> !subscription.covers(appended))
        .forEach(appended -> subscription.offer(hub.telling(appended), true));
  }

  /**
   * The first place that may be one of a subscription's and is not told; null when there is none.
   */
  @Nullable Position firstUnplaced(@Nullable Position after, EnvironmentId environment) {
    return unplaced.isEmpty() ? null : unplaced.firstAfter(after, environment);
  }

  // What was read.

  /** The run could not be read: it is tried again with the next horizon. */
  public void failed(Asked asked) {
    asked.waiting().answered();
  }

  /**
   * A run was read that was not known.
   *
   * @param row null when there is none
   * @param pin held since the read began
   */
  public void placed(Asked asked, Visibility shown, @Nullable Run row, Pin pin) {
    Waiting waiting = asked.waiting();
    waiting.answered();
    if (waiting != unplaced.get(waiting.run())) {
      return;
    }
    if (row == null) {
      if (shown.shows(waiting.newestXid())) {
        unplaced.remove(waiting);
      }
      return;
    }
    boolean certain = pin.holeFor(shown) == 0;
    if (certain && !heard.arrivals().hasHeard(row.changedXid())) {
      return; // the log is about to tell how it was before, and how it is then
    }
    RunCard card = new RunCard(row);
    heard.transactionsNotShownBy(
        shown,
        transaction ->
            transaction.changes().stream()
                .filter(change -> key(change.run()).equals(waiting.run()))
                .forEach(card::hear));
    if (certain) {
      cards.learn(waiting.run(), card);
      tellWaiting(waiting, waiting.places().last(), card);
    } else if (waiting.joined() == asked.joined()) {
      // Who was read for before this read is not shown less by it; whatever has come since waits
      // on.
      tellWaiting(waiting, asked.upTo(), card);
    }
    if (waiting == unplaced.get(waiting.run())) {
      waiting.renew();
      ask(waiting);
    }
  }

  /** Tells what waited in the ring, up to a place; what is not there any more must be read. */
  private void tellWaiting(Waiting waiting, Position upTo, RunCard card) {
    Set<Position> places = Set.copyOf(waiting.places().headSet(upTo, true));
    List<SegmentAppended> late = find(waiting.run(), places::contains, appended -> true);
    if (late.size() < places.size()) {
      readAgain(waiting.run().environment());
      return;
    }
    for (SegmentAppended appended : late) {
      unplaced.remove(waiting, appended.position());
      tell(appended, card, true);
    }
  }

  /** Chunks of a run that are in memory, in the order of the log. */
  private List<SegmentAppended> find(
      FilterKey run, Predicate<Position> place, Predicate<SegmentAppended> wanted) {
    List<SegmentAppended> found = new ArrayList<>();
    heard.everyTransaction(
        transaction ->
            transaction.segments().stream()
                .filter(each -> each.segment().stream().ofRun().equals(run))
                .filter(each -> each.segment().count() > 0)
                .filter(each -> place.test(each.position()) && wanted.test(each))
                .forEach(found::add));
    return found;
  }

  private void readAgain(EnvironmentId environment) {
    unplaced.forget(environment);
    index.all().stream()
        .filter(Subscription::tellsChunksOfSeveral)
        .filter(subscription -> subscription.filter().environment().equals(environment))
        .forEach(Subscription::resyncNow);
  }

  private static FilterKey key(Run run) {
    return new FilterKey(FilterKey.Kind.RUN, run.environment(), run.id().value());
  }
}
