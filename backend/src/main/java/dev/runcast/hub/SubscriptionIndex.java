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

    /** Those that are told of rows. */
    final List<Subscription> subscriptions = new ArrayList<>(1);

    /** Those that are told only what the rows add up to: no change is offered to them. */
    private final List<Subscription> rowless = new ArrayList<>(0);

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

  int size() {
    return size;
  }

  void add(Subscription subscription) {
    Feed feed = feeds.computeIfAbsent(subscription.filter(), this::newFeed);
    feed.add(subscription);
    size++;
    withStreams += subscription.streams() == null ? 0 : 1;
  }

  void remove(Subscription subscription) {
    Feed feed = feeds.get(subscription.filter());
    if (feed == null) {
      return;
    }
    feed.remove(subscription);
    size--;
    withStreams -= subscription.streams() == null ? 0 : 1;
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

  /** Those who are told the chunks of one run, and follow nothing else. */
  List<Subscription> followersOf(FilterKey run) {
    if (withStreams == 0) {
      return List.of();
    }
    List<Subscription> followers = new ArrayList<>();
    for (Feed feed : byKey.getOrDefault(run, List.of())) {
      for (Subscription subscription : feed.subscriptions) {
        if (subscription.streams() != null) {
          followers.add(subscription);
        }
      }
    }
    return followers;
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
