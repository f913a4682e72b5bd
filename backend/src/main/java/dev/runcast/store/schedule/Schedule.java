package dev.runcast.store.schedule;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A schedule.
 *
 * @param declarative whether it stands in the code of its task, and is changed only there
 * @param deduplicationKey null for a declarative one
 * @param lastAt the time that it made its last run for; null when it has made none
 */
public record Schedule(
    String id,
    boolean declarative,
    Plan plan,
    @Nullable String deduplicationKey,
    boolean active,
    @Nullable Instant lastAt) {

  /**
   * What is to happen when.
   *
   * @param window how much later a run may begin; null for not at all
   * @param externalId of whoever made the schedule; null for none
   */
  public record Plan(
      String task,
      String cron,
      String timezone,
      @Nullable String window,
      @Nullable String externalId) {}
}
