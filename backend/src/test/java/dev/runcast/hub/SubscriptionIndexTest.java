package dev.runcast.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.testing.Sample;
import dev.runcast.testing.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SubscriptionIndexTest {
  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  @Test
  void findsExactlyTheFeedsThatLookingAtEachOneWouldFind() {
    Seeds.each(
        300,
        random -> {
          SubscriptionIndex index = new SubscriptionIndex();
          List<Subscription> added = new ArrayList<>();
          for (int step = 0; step < 60; step++) {
            if (!added.isEmpty() && random.nextInt(3) == 0) {
              index.remove(added.remove(random.nextInt(added.size())));
            } else {
              Subscription subscription = subscription(filter(random));
              index.add(subscription);
              added.add(subscription);
            }
            checkSame(index, added, change(random));
          }
        });
  }

  @Test
  void tellsWhichFeedsMostFollowAndThoseOfNobodyElse() {
    SubscriptionIndex index = new SubscriptionIndex();
    Random random = new Random(7);
    List<Subscription> added = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Subscription subscription = subscription(filter(random));
      index.add(subscription);
      added.add(subscription);
    }
    EnvironmentId mine = added.get(0).filter().environment();
    Map<Filter, Long> counted =
        added.stream()
            .map(Subscription::filter)
            .filter(filter -> filter.environment().equals(mine))
            .collect(Collectors.groupingBy(filter -> filter, Collectors.counting()));

    Map<Filter, Integer> largest = index.largest(mine, 3);

    assertThat(List.copyOf(largest.values())).isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(largest.values().stream().mapToLong(Integer::longValue).toArray())
        .isEqualTo(
            counted.values().stream()
                .sorted(Comparator.reverseOrder())
                .limit(3)
                .mapToLong(Long::longValue)
                .toArray());
    largest.forEach((feed, size) -> assertThat(counted.get(feed)).isEqualTo((long) size));
    assertThat(index.largest(new EnvironmentId("env_nobodys"), 3)).isEmpty();
  }

  private static void checkSame(
      SubscriptionIndex index, List<Subscription> added, RunChanged change) {
    List<Subscription> found = new ArrayList<>();
    for (SubscriptionIndex.Feed feed : index.matching(change)) {
      if (feed.filter.matches(change.run()) || feed.filter.matchedBefore(change)) {
        found.addAll(feed.subscriptions);
      }
    }
    List<Subscription> expected =
        added.stream()
            .filter(
                each -> each.filter().matches(change.run()) || each.filter().matchedBefore(change))
            .toList();
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(index.all()).containsExactlyInAnyOrderElementsOf(added);
    assertThat(index.size()).isEqualTo(added.size());
  }

  @Test
  void subscriptionsOfEqualFiltersAreOneFeed() {
    SubscriptionIndex index = new SubscriptionIndex();
    Filter one = new Filter.ByTags(Sample.ENVIRONMENT, Set.of("a", "b"), Narrowing.NONE);
    Filter same = new Filter.ByTags(Sample.ENVIRONMENT, Set.of("b", "a"), Narrowing.NONE);
    index.add(subscription(one));
    index.add(subscription(same));

    assertThat(index.matching(Sample.run("r").tagged("a", "b").inserted(1, 0)))
        .singleElement()
        .satisfies(feed -> assertThat(feed.subscriptions).hasSize(2));
  }

  @Test
  void aSubscriptionThatIsNotThereIsRemovedWithoutHarm() {
    SubscriptionIndex index = new SubscriptionIndex();

    index.remove(subscription(new Filter.ByEnvironment(Sample.ENVIRONMENT, Narrowing.NONE)));

    assertThat(index.size()).isZero();
  }

  private static Subscription subscription(Filter filter) {
    Hub hub = new Hub(Hub.Budgets.DEFAULT, InstantSource.fixed(Instant.EPOCH));
    return new Subscription(
        hub,
        filter,
        new RecordingSink(),
        new RecordingResync(),
        new SubscriptionOptions(null, false, false));
  }

  private static Filter filter(Random random) {
    EnvironmentId environment = environment(random);
    Narrowing narrowing =
        new Narrowing(
            random.nextInt(4) == 0 ? Instant.EPOCH.plus(Duration.ofDays(random.nextInt(2))) : null,
            random.nextInt(3) == 0 ? Set.of(status(random)) : Set.of(),
            random.nextInt(4) == 0 ? Set.of(random.nextBoolean() ? "task" : "other") : Set.of());
    return switch (random.nextInt(5)) {
      case 0 -> new Filter.ByRun(environment, new RunId(name(random)), narrowing);
      case 1 -> new Filter.ByBatch(environment, new BatchId(name(random)), narrowing);
      case 2 -> new Filter.ByParent(environment, new RunId(name(random)), narrowing);
      case 3 -> {
        Set<String> tags = new HashSet<>(Set.of(name(random)));
        tags.add(name(random));
        yield new Filter.ByTags(environment, tags, narrowing);
      }
      default -> new Filter.ByEnvironment(environment, narrowing);
    };
  }

  private static RunChanged change(Random random) {
    Set<String> tags = new HashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      tags.add(name(random));
    }
    Sample run =
        Sample.run(name(random))
            .in(environment(random))
            .status(status(random))
            .tagged(tags.toArray(String[]::new))
            .linked(
                random.nextBoolean() ? name(random) : null,
                random.nextBoolean() ? name(random) : null);
    if (random.nextInt(3) == 0) {
      return run.inserted(1, 0);
    }
    return run.updated(
        1,
        0,
        random.nextBoolean() ? status(random) : null,
        random.nextBoolean() ? (Integer) random.nextInt(tags.size() + 1) : null);
  }

  private static EnvironmentId environment(Random random) {
    return new EnvironmentId(random.nextInt(3) == 0 ? "elsewhere" : "env");
  }

  private static RunStatus status(Random random) {
    return List.of(RunStatus.PENDING, RunStatus.EXECUTING, RunStatus.DELETED)
        .get(random.nextInt(3));
  }

  private static String name(Random random) {
    return NAMES.get(random.nextInt(NAMES.size()));
  }
}
