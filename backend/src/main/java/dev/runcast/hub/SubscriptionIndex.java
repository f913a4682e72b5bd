package dev.runcast.hub;

import dev.runcast.run.Filter;
import dev.runcast.run.FilterKey;
import dev.runcast.run.RunChanged;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    final List<Subscription> subscriptions = new ArrayList<>(1);

    Feed(Filter filter, FilterKey key) {
      this.filter = filter;
      this.key = key;
    }

    /** Swaps the last one into the gap, so that leaving a crowded feed costs nothing. */
    private void remove(Subscription subscription) {
      int slot = subscription.slot;
      Subscription moved = subscriptions.remove(subscriptions.size() - 1);
      if (moved != subscription) {
        subscriptions.set(slot, moved);
        moved.slot = slot;
      }
    }
  }

  /** In the order in which they came, so that a simulation repeats itself. */
  private final Map<Filter, Feed> feeds = new LinkedHashMap<>();

  private final Map<FilterKey, List<Feed>> byKey = new HashMap<>();
  private int size;

  int size() {
    return size;
  }

  void add(Subscription subscription) {
    Feed feed = feeds.computeIfAbsent(subscription.filter(), this::newFeed);
    subscription.slot = feed.subscriptions.size();
    feed.subscriptions.add(subscription);
    size++;
  }

  void remove(Subscription subscription) {
    Feed feed = feeds.get(subscription.filter());
    if (feed == null) {
      return;
    }
    feed.remove(subscription);
    size--;
    if (feed.subscriptions.isEmpty()) {
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
    if (feeds.isEmpty()) {
      return List.of();
    }
    List<Feed> matching = new ArrayList<>();
    for (FilterKey key : Filter.keysOf(change.run())) {
      for (Feed candidate : byKey.getOrDefault(key, List.of())) {
        if (candidate.filter.inScope(change.run())) {
          matching.add(candidate);
        }
      }
    }
    return matching;
  }

  List<Subscription> all() {
    List<Subscription> all = new ArrayList<>(size);
    feeds.values().forEach(feed -> all.addAll(feed.subscriptions));
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
