package dev.runcast.hub.chunk;

import dev.runcast.hub.chunk.Unplaced.Waiting;
import dev.runcast.hub.log.HeardLog;
import dev.runcast.hub.log.Pin;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.FilterKey;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.SegmentAppended;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has runs read of which chunks came and nothing is known. Their chunks wait in the ring meanwhile,
 * and nobody who might be told of them claims to have been. Owned by the hub's event loop.
 */
public final class Placing {

  /**
   * A run that is to be read, since it is not known.
   *
   * @param upTo the last of its chunks that waited when this was asked for
   * @param joined how many subscriptions had come to wait since they were read for
   */
  public record Asked(
      EnvironmentId environment, RunId run, Waiting waiting, Position upTo, int joined) {}

  /**
   * Chunks that have waited.
   *
   * @param onlyFor to whom alone they are told; null for all whose they are
   */
  public record Late(SegmentAppended appended, @Nullable Set<Object> onlyFor) {}

  private final HeardLog heard;
  private final RunCards cards;
  private final BiConsumer<Late, RunCard> teller;
  private final Consumer<EnvironmentId> readAgain;
  private final Unplaced unplaced = new Unplaced();
  private Consumer<Asked> reader = asked -> {};

  /**
   * @param teller tells chunks, late, to those whose they are by what is known of their run
   * @param readAgain has all read for again who might have been told
   */
  public Placing(
      HeardLog heard,
      RunCards cards,
      BiConsumer<Late, RunCard> teller,
      Consumer<EnvironmentId> readAgain) {
    this.heard = heard;
    this.cards = cards;
    this.teller = teller;
    this.readAgain = readAgain;
  }

  /** Who reads a run that is not known; to be answered by {@link #placed} or {@link #failed}. */
  public void readBy(Consumer<Asked> asked) {
    reader = asked;
  }

  // What waits.

  /** What is known of a run at a place; null if nothing is, or older chunks of it wait. */
  public @Nullable RunCard known(FilterKey run, Position place) {
    RunCard card = unplaced.get(run) == null ? cards.get(run) : null;
    return card == null || card.at(place) == null ? null : card;
  }

  /** Chunks have come of a run that is not known. */
  public void add(FilterKey run, SegmentAppended appended) {
    unplaced.add(run, appended);
  }

  /** The same, of the recent past, for one more subscription. */
  public void join(FilterKey run, SegmentAppended appended, Object who) {
    unplaced.join(run, appended, who);
  }

  /** The first place behind another that waits in an environment; null when none does. */
  public @Nullable Position firstAfter(@Nullable Position other, EnvironmentId environment) {
    return unplaced.isEmpty() ? null : unplaced.firstAfter(other, environment);
  }

  /** A change says whose the chunks of its run were that wait. */
  public void hear(FilterKey run, RunChanged change) {
    Waiting waiting = unplaced.get(run);
    if (waiting != null) {
      RunCard card = new RunCard();
      card.hear(change);
      tell(waiting, change.position(), card);
    }
  }

  /** Nobody is told of this environment any more, or all are read for again. */
  public void forget(EnvironmentId environment) {
    unplaced.forget(environment);
  }

  /** All are read for again. */
  public void forget() {
    unplaced.forget();
  }

  // What is asked for.

  /** Has runs read of which chunks wait; not in the midst of a batch. */
  public void ask() {
    if (unplaced.isTooMuch()) {
      Set<EnvironmentId> concerned = new LinkedHashSet<>();
      unplaced.all().forEach(waiting -> concerned.add(waiting.run().environment()));
      concerned.forEach(this::giveUp);
    }
    if (!unplaced.isEmpty()) {
      unplaced.all().forEach(this::ask);
    }
  }

  private void ask(Waiting waiting) {
    if (waiting.ask()) {
      FilterKey run = waiting.run();
      RunId id = new RunId(run.value());
      Position upTo = waiting.places().last();
      reader.accept(new Asked(run.environment(), id, waiting, upTo, waiting.joined()));
    }
  }

  /** What was asked for in vain may be answered now. */
  public void horizonPassed() {
    unplaced.all().forEach(Waiting::renew);
  }

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
    boolean certain = pin.holeFor(shown) == 0;
    if (row == null) {
      if (shown.shows(waiting.newestXid())) {
        unplaced.remove(waiting);
      }
    } else if (!certain || heard.arrivals().hasHeard(row.changedXid())) {
      place(asked, card(row, shown, waiting.run()), certain);
    }
    // Otherwise the log is about to tell how the run was before, and how it is then.
  }

  private RunCard card(Run row, Visibility shown, FilterKey run) {
    RunCard card = new RunCard(row);
    heard.transactionsNotShownBy(
        shown,
        transaction ->
            transaction.changes().stream()
                .filter(change -> FilterKey.of(change.run()).equals(run))
                .forEach(card::hear));
    return card;
  }

  private void place(Asked asked, RunCard card, boolean certain) {
    Waiting waiting = asked.waiting();
    if (certain) {
      cards.learn(waiting.run(), card);
      tell(waiting, waiting.places().last(), card);
    } else if (waiting.joined() == asked.joined()) {
      // Who was read for before this read is not shown less by it; what has come since waits on.
      tell(waiting, asked.upTo(), card);
    }
    if (waiting == unplaced.get(waiting.run())) {
      waiting.renew();
      ask(waiting);
    }
  }

  /** Tells what waited in the ring, up to a place; what is not there any more must be read. */
  private void tell(Waiting waiting, Position upTo, RunCard card) {
    Set<Position> places = Set.copyOf(waiting.places().headSet(upTo, true));
    List<SegmentAppended> late =
        heard.segments(
            appended ->
                places.contains(appended.position())
                    && appended.segment().stream().ofRun().equals(waiting.run()));
    if (late.size() < places.size()) {
      giveUp(waiting.run().environment());
      return;
    }
    for (SegmentAppended appended : late) {
      Late one = new Late(appended, waiting.onlyFor(appended.position()));
      unplaced.remove(waiting, appended.position());
      teller.accept(one, card);
    }
  }

  private void giveUp(EnvironmentId environment) {
    unplaced.forget(environment);
    readAgain.accept(environment);
  }
}
