package dev.runcast.it.harness;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** A row of {@code run} to be inserted, the columns not named here as their defaults. */
public record NewRun(
    String id, String status, List<String> tags, String batch, String parent, String payload) {
  private static final AtomicLong count = new AtomicLong();

  public NewRun {
    tags = List.copyOf(tags);
  }

  /** A queued run with an id of its own, without tags, batch, parent and payload. */
  public static NewRun run() {
    return new NewRun(name("run"), "PENDING", List.of(), null, null, null);
  }

  /** An id or tag that no other test of this process uses. */
  public static String name(String prefix) {
    return prefix + "_it" + ProcessHandle.current().pid() + "x" + count.incrementAndGet();
  }

  /**
   * JSON text of about this many characters that does not compress, so that Postgres keeps it apart
   * from its row.
   */
  public static String wideJson(int length) {
    Random random = new Random(length);
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < length; i++) {
      text.append((char) ('0' + random.nextInt(75)));
    }
    return text.append('"').toString().replace("\\", "/");
  }

  public NewRun at(String newStatus) {
    return new NewRun(id, newStatus, tags, batch, parent, payload);
  }

  public NewRun tagged(String... newTags) {
    return new NewRun(id, status, List.of(newTags), batch, parent, payload);
  }

  public NewRun inBatch(String newBatch) {
    return new NewRun(id, status, tags, newBatch, parent, payload);
  }

  public NewRun under(String newParent) {
    return new NewRun(id, status, tags, batch, newParent, payload);
  }

  public NewRun carrying(String newPayload) {
    return new NewRun(id, status, tags, batch, parent, newPayload);
  }
}
