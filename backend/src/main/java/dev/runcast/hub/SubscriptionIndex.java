package dev.runcast.hub;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.FilterKey;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the feeds that a change concerns without looking at the others. Subscriptions with an equal
 * filter form one {@link Feed}, matched once. A feed of several tags stands under the one of them
 * with the fewest feeds. Owned by the hub's event loop.
 */
final class SubscriptionIndex {

  /** The subscriptions of one filter. */
  static final class Feed {
    final Filter filter;
    private final FilterKey key;

    /** Those that are told of rows. */
    final List<Subscription> subscriptions = new ArrayList<>(1);

    /** Those that are told only what the rows add up to: no change is offered to them. */
    private final List<Subscription> rowless = new ArrayList<>(0);

    /** Those that are told chunks too; in order, so that a simulation repeats itself. */
    private Set<ChunkIntake> withStreams = Set.of();

    Feed(Filter filter, FilterKey key) {
      this.filter = filter;
      this.key = key;
    }

    private List<Subscription> among(Subscription subscription) {
      return subscription.hasRows() ? subscriptions : rowless;
    }

    private void add(Subscription subscription) {
      List<Subscription> alike = among(subscription);
      subscription.slot = alike.size();
      alike.add(subscription);
      ChunkIntake chunks = subscription.chunks();
      if (chunks != null) {
        withStreams = withStreams.isEmpty() ? new LinkedHashSet<>() : withStreams;
        withStreams.add(chunks);
      }
    }

    /** Swaps the last one into the gap, so that leaving a crowded feed costs nothing. */
    private void remove(Subscription subscription) {
      int slot = subscription.slot;
      List<Subscription> alike = among(subscription);
      Subscription moved = alike.remove(alike.size() - 1);
      if (moved != subscription) {
        alike.set(slot, moved);
        moved.slot = slot;
      }
      ChunkIntake chunks = subscription.chunks();
      if (chunks != null && withStreams.remove(chunks)) {
        withStreams = withStreams.isEmpty() ? Set.of() : withStreams;
      }
    }

    /** Those that are told chunks too. */
    Set<ChunkIntake> withStreams() {
      return withStreams;
    }

    private int size() {
      return subscriptions.size() + rowless.size();
    }

    private boolean isEmpty() {
      return subscriptions.isEmpty() && rowless.isEmpty();
    }
  }

  /** In the order in which they came, so that a simulation repeats itself. */
  private final Map<Filter, Feed> feeds = new LinkedHashMap<>();

  private final Map<FilterKey, List<Feed>> byKey = new HashMap<>();
  private int size;

  /** How many of them are told chunks. */
  private int withStreams;

  /** Of these, how many follow several runs of an environment. */
  private final Map<EnvironmentId, Integer> ofSeveral = new HashMap<>();

  int size() {
    return size;
  }

  void add(Subscription subscription) {
    Feed feed = feeds.computeIfAbsent(subscription.filter(), this::newFeed);
    feed.add(subscription);
    size++;
    count(subscription, 1);
  }

  void remove(Subscription subscription) {
    Feed feed = feeds.get(subscription.filter());
    if (feed == null) {
      return;
    }
    feed.remove(subscription);
    size--;
    count(subscription, -1);
    if (feed.isEmpty()) {
      feeds.remove(feed.filter);
      List<Feed> sharing = byKey.getOrDefault(feed.key, List.of());
      if (sharing.size() == 1) {
        byKey.remove(feed.key);
      } else {
        sharing.remove(feed);
      }
    }
  }

  /** Every feed that this change may enter, stay in or leave. */
  List<Feed> matching(RunChanged change) {
    return matching(change.run());
  }

  /** Every feed that this run is in the scope of. */
  List<Feed> matching(Run run) {
    if (feeds.isEmpty()) {
      return List.of();
    }
    List<Feed> matching = new ArrayList<>();
    for (FilterKey key : Filter.keysOf(run)) {
      for (Feed candidate : byKey.getOrDefault(key, List.of())) {
        if (candidate.filter.inScope(run)) {
          matching.add(candidate);
        }
      }
    }
    return matching;
  }

  private void count(Subscription subscription, int by) {
    withStreams += subscription.chunks() == null ? 0 : by;
    if (ChunkIntake.tellsOfSeveral(subscription)) {
      ofSeveral.merge(subscription.filter().environment(), by, Integer::sum);
      ofSeveral.remove(subscription.filter().environment(), 0);
    }
  }

  /** Whether anybody is told chunks of several runs of an environment. */
  boolean hasStreams(EnvironmentId environment) {
    return ofSeveral.containsKey(environment);
  }

  /** Those who are told the chunks of one run, and follow nothing else. */
  Collection<ChunkIntake> followersOf(FilterKey run) {
    if (withStreams == 0) {
      return List.of();
    }
    List<ChunkIntake> followers = new ArrayList<>();
    for (Feed feed : byKey.getOrDefault(run, List.of())) {
      followers.addAll(feed.withStreams);
    }
    return followers;
  }

  /** The feeds of an environment that most follow, those first, with how many that are. */
  Map<Filter, Integer> largest(EnvironmentId environment, int most) {
    Map<Filter, Integer> largest = new LinkedHashMap<>();
    feeds.values().stream()
        .filter(feed -> feed.filter.environment().equals(environment))
        .sorted(Comparator.comparingInt(Feed::size).reversed())
        .limit(most)
        .forEach(feed -> largest.put(feed.filter, feed.size()));
    return largest;
  }

  List<Subscription> all() {
    List<Subscription> all = new ArrayList<>(size);
    for (Feed feed : feeds.values()) {
      all.addAll(feed.subscriptions);
      all.addAll(feed.rowless);
    }
    return all;
  }

  private Feed newFeed(Filter filter) {
    FilterKey rarest =
        filter.keys().stream()
            .min(Comparator.comparingInt(key -> byKey.getOrDefault(key, List.of()).size()))
            .orElseThrow();
    Feed feed = new Feed(filter, rarest);
    byKey.computeIfAbsent(rarest, key -> new ArrayList<>(1)).add(feed);
    return feed;
  }
}
