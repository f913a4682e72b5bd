package dev.runcast.http.inside;

import dev.runcast.hub.Hub;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Which feeds most follow, on all event loops of this node. Safe from any thread; a hub is asked
 * where it lives.
 */
public final class FeedCensus {
  private record Place(Context context, Hub hub) {}

  private final List<Place> places = new CopyOnWriteArrayList<>();

  /** Asks this hub too, from now on. */
  public void join(Context context, Hub hub) {
    places.add(new Place(context, hub));
  }

  /** Does not ask it any more. */
  public void leave(Hub hub) {
    places.removeIf(place -> place.hub == hub);
  }

  /**
   * The feeds of an environment with most subscriptions, those first, as far as they are among the
   * largest of their event loop.
   *
   * @param asking where the answer is wanted
   */
  Future<Map<Filter, Integer>> largest(Context asking, EnvironmentId environment, int most) {
    List<Future<Map<Filter, Integer>>> words =
        places.stream().map(place -> ask(place, environment, most)).toList();
    Promise<Map<Filter, Integer>> answer = ((ContextInternal) asking).promise();
    Future.all(words).map(all -> merged(all.<Map<Filter, Integer>>list(), most)).onComplete(answer);
    return answer.future();
  }

  private static Future<Map<Filter, Integer>> ask(Place place, EnvironmentId of, int most) {
    Promise<Map<Filter, Integer>> word = Promise.promise();
    place.context.runOnContext(
        there -> {
          try {
            word.complete(place.hub.audience().largestFeeds(of, most));
          } catch (RuntimeException broken) {
            word.fail(broken);
          }
        });
    return word.future();
  }

  private static Map<Filter, Integer> merged(List<Map<Filter, Integer>> words, int most) {
    Map<Filter, Integer> sums = new HashMap<>();
    words.forEach(word -> word.forEach((feed, size) -> sums.merge(feed, size, Integer::sum)));
    Map<Filter, Integer> largest = new LinkedHashMap<>();
    sums.entrySet().stream()
        .sorted(Map.Entry.<Filter, Integer>comparingByValue(Comparator.reverseOrder()))
        .limit(most)
        .forEach(entry -> largest.put(entry.getKey(), entry.getValue()));
    return largest;
  }
}
