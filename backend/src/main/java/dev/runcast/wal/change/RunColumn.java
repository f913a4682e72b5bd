package dev.runcast.wal.change;

import java.util.Locale;

/** The columns of {@code run} that the tail reads; the constant is the column's name. */
public enum RunColumn implements Table.Column {
  ENVIRONMENT_ID,
  ID,
  VERSION,
  CHANGED_XID,
  PREV_STATUS,
  PREV_TAG_COUNT,
  STATUS,
  TASK_IDENTIFIER,
  TAGS,
  BATCH_ID,
  PARENT_ID,
  ROOT_ID,
  DEPTH,
  CREATED_AT,
  UPDATED_AT,
  QUEUED_AT,
  DELAY_UNTIL,
  STARTED_AT,
  EXPIRED_AT,
  COMPLETED_AT,
  QUEUE,
  CONCURRENCY_KEY,
  MACHINE,
  REGION,
  TTL,
  LOCKED_VERSION,
  PRIORITY,
  MAX_ATTEMPTS,
  MAX_DURATION_SECONDS,
  TRIGGER_FUNCTION,
  IS_TEST,
  ATTEMPT_COUNT,
  USAGE_DURATION_MS,
  COST_IN_CENTS,
  BASE_COST_IN_CENTS,
  REALTIME_STREAMS,
  PAYLOAD_TYPE,
  OUTPUT_TYPE,
  METADATA_TYPE,
  IDEMPOTENCY_KEY,
  PAYLOAD,
  OUTPUT,
  METADATA,
  ERROR,
  OPTIONS;

  private final String columnName = name().toLowerCase(Locale.ROOT);

  @Override
  public String columnName() {
    return columnName;
  }
}
