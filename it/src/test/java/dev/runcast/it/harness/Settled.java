package dev.runcast.it.harness;

import static dev.runcast.it.harness.NewRun.run;

/**
 * A node that was started just now can't be sure that it has heard everything: for a second or two
 * it reads what changes, rather than tell it as it comes.
 */
public final class Settled {
  private Settled() {}

  /** Waits until changes are told as they come, with the time of their commit. */
  public static void await(Node node, RunWriter sql) {
    String id = sql.insert(run());
    try (SseProbe probe = node.follow("/realtime/v1/runs/" + id).awaitLive()) {
      Await.until(
          "changes to be told as they come",
          () -> {
            sql.update(id, "metadata = '{}'");
            return probe.frames("run").stream().anyMatch(frame -> frame.data().has("committedAt"));
          });
    }
  }
}
