package dev.runcast.it.failure;

import dev.runcast.it.harness.Answer;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Threads that trigger runs over HTTP and move them to their end, until the service is gone. They
 * note what was acknowledged, and only that.
 */
final class Workers {
  private static final List<String> STEPS = List.of("QUEUED", "EXECUTING", "COMPLETED");

  private final Api api;
  private final String tag;
  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();

  private Workers(Api api, String tag) {
    this.api = api;
    this.tag = tag;
  }

  /** Starts so many. */
  static Workers start(int count, Api api, String tag) {
    Workers workers = new Workers(api, tag);
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(workers::work, "worker " + i);
      thread.setDaemon(true);
      thread.start();
      workers.threads.add(thread);
    }
    return workers;
  }

  /** Waits until the service has acknowledged so many runs. */
  void awaitRuns(int count) {
    Await.until(count + " acknowledged runs", () -> acknowledged.size() >= count);
  }

  /** Whether all of them go on: none has given up before its time. */
  boolean areAtWork() {
    return threads.stream().allMatch(Thread::isAlive);
  }

  /** What was acknowledged last of each run, once all of them have met the end of the service. */
  Map<String, String> acknowledged() {
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
    return Map.copyOf(acknowledged);
  }

  /** Whether a run that was seen at {@code actual} has been at {@code acknowledged}. */
  static boolean hasReached(String actual, String acknowledged) {
    return STEPS.indexOf(actual) >= STEPS.indexOf(acknowledged);
  }

  private void work() {
    try {
      while (workOne()) {
        Thread.onSpinWait();
      }
    } catch (RuntimeException | AssertionError gone) {
      return;
    }
  }

  private boolean workOne() {
    String run = api.trigger("it-task", Map.of("tags", List.of(tag)));
    acknowledged.put(run, STEPS.get(0));
    return moved(run, Map.of("status", STEPS.get(1)), STEPS.get(1))
        && moved(run, Map.of("status", STEPS.get(2), "output", Map.of("ok", true)), STEPS.get(2));
  }

  private boolean moved(String run, Map<String, ?> change, String step) {
    Answer answer = api.patch("/api/v1/runs/" + run, change);
    if (answer.status() == 200) {
      acknowledged.put(run, step);
    }
    return answer.status() == 200;
  }
}
