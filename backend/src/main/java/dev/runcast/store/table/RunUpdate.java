package dev.runcast.store.table;

import dev.runcast.run.RunStatus;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns that one update of a run sets, collected so that they become one row change. Times
 * are the database's at the moment of the update, after any wait for the row's lock.
 */
public final class RunUpdate {
  private final List<String> assignments = new ArrayList<>();
  private final Tuple values = Tuple.tuple();

  public boolean isEmpty() {
    return assignments.isEmpty();
  }

  public RunUpdate status(RunStatus status) {
    return set("status", status.name());
  }

  /** It enters the queue now. */
  public RunUpdate queued() {
    return now("queued_at");
  }

  /** It is bound to no version but one that its trigger named, unless an attempt has begun. */
  public RunUpdate unbound() {
    assignments.add(
        "locked_version = case when attempt_count > 0 then locked_version"
            + " else version_asked_for(options) end");
    return this;
  }

  /** An attempt begins now; the run itself may have begun before. */
  public RunUpdate started() {
    assignments.add("started_at = coalesce(started_at, clock_timestamp())");
    assignments.add("attempt_count = attempt_count + 1");
    return this;
  }

  /** It ends now; its duration counts from its start, if it had one. */
  public RunUpdate finished() {
    assignments.add(
        "usage_duration_ms = least(2147483647, greatest(0, coalesce("
            + "1000 * extract(epoch from clock_timestamp() - started_at), 0)))::integer");
    return now("completed_at");
  }

  public RunUpdate expired() {
    return now("expired_at");
  }

  /** It ends with an error that says why: nobody had started it in time. */
  public RunUpdate notStartedInTime() {
    assignments.add(
        "error = json_build_object('type', 'STRING_ERROR', 'raw',"
            + " 'The run was not started within its time to live'"
            + " || coalesce(' of ' || ttl, '') || '.')::text");
    return this;
  }

  public RunUpdate delayUntil(Instant time) {
    return set("delay_until", time.atOffset(ZoneOffset.UTC));
  }

  public RunUpdate output(@Nullable String text, @Nullable String type) {
    return set("output", text).set("output_type", type);
  }

  /** Why it failed, as JSON. */
  public RunUpdate error(@Nullable String json) {
    return set("error", json);
  }

  public RunUpdate metadata(@Nullable String text, @Nullable String type) {
    return set("metadata", text).set("metadata_type", type);
  }

  /** All of its tags: those that were there, then the new ones. */
  public RunUpdate tags(List<String> tags) {
    return set("tags", tags.toArray(String[]::new));
  }

  String assignments() {
    return String.join(", ", assignments);
  }

  Tuple values() {
    return values;
  }

  private RunUpdate set(String column, @Nullable Object value) {
    values.addValue(value);
    assignments.add(column + " = $" + values.size());
    return this;
  }

  private RunUpdate now(String column) {
    assignments.add(column + " = clock_timestamp()");
    return this;
  }
}
