package dev.runcast.hub;

import dev.runcast.hub.clock.Sampling;
import dev.runcast.hub.clock.Stragglers;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.wire.CloseCode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Who is served by one hub, and of whom something is left to be proven, sent or told in time. Owned
 * by the hub's event loop.
 */
public final class Audience {
  private final SubscriptionIndex index;
  private final ChunkRoutes chunks;
  private final Stragglers<Subscription> stragglers;
  private final Sampling<Subscription> sampling;

  /** Those with something left to be proven: a horizon concerns only these. */
  private final Set<Subscription> unsettled = new LinkedHashSet<>();

  /** Those who have left while a batch is told, which goes along the feeds that they are in. */
  private final List<Subscription> leaving = new ArrayList<>();

  private boolean listening;

  /**
   * @param later runs something on this event loop after so long
   */
  Audience(
      SubscriptionIndex index,
      ChunkRoutes chunks,
      InstantSource clock,
      BiConsumer<Duration, Runnable> later) {
    this.index = index;
    this.chunks = chunks;
    this.stragglers = new Stragglers<>(clock);
    this.sampling = new Sampling<>(clock, later, Subscription::tellPutOff);
  }

  void add(Subscription subscription) {
    ChunkIntake told = subscription.chunks();
    if (told != null) {
      chunks.comes(told);
    }
    index.add(subscription);
  }

  /** It is closed. */
  void remove(Subscription subscription) {
    unsettled.remove(subscription);
    stragglers.catchesUp(subscription);
    sampling.forget(subscription);
    if (listening) {
      leaving.add(subscription);
    } else {
      forget(subscription);
    }
  }

  private void forget(Subscription subscription) {
    index.remove(subscription);
    ChunkIntake told = subscription.chunks();
    if (told != null) {
      chunks.left(told);
    }
  }

  /** A batch is about to be told: until that is over nobody is taken out of a feed. */
  void batchBegins() {
    listening = true;
  }

  void batchIsOver() {
    listening = false;
    leaving.forEach(this::forget);
    leaving.clear();
  }

  /** How many are served. */
  public int size() {
    return index.size();
  }

  /** The feeds of an environment that most follow, those first; looks at every feed. */
  public Map<Filter, Integer> largestFeeds(EnvironmentId environment, int most) {
    return index.largest(environment, most);
  }

  /** Something about its past is left to be proven. */
  void unsettles(Subscription subscription) {
    unsettled.add(subscription);
  }

  /** Nothing is. */
  void settles(Subscription subscription) {
    unsettled.remove(subscription);
  }

  void forEachUnsettled(Consumer<Subscription> action) {
    List.copyOf(unsettled).forEach(action);
  }

  /** Hangs up on those whose clients take nothing for longer than this. */
  void endStuck(Duration limit) {
    stragglers.stuckFor(limit).forEach(subscription -> subscription.end(CloseCode.SLOW_CONSUMER));
  }

  /** Those whose clients are behind. */
  public Stragglers<Subscription> stragglers() {
    return stragglers;
  }

  Sampling<Subscription> sampling() {
    return sampling;
  }
}
