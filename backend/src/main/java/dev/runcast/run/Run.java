package dev.runcast.run;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@code run} as the product sees it: either whole, as a read gives it, or as an update
 * tells it, with {@link Column.Unchanged} where Postgres left a wide value out.
 *
 * @param version counts the writes of this row, from 1
 * @param changedXid the transaction that wrote this version
 */
public record Run(
    EnvironmentId environment,
    RunId id,
    long version,
    long changedXid,
    RunStatus status,
    String taskIdentifier,
    List<String> tags,
    Links links,
    Times times,
    Facts facts,
    Contents contents) {

  /** The runs and the batch that this one belongs to; they never change. */
  public record Links(
      @Nullable BatchId batch, @Nullable RunId parent, @Nullable RunId root, int depth) {}

  public record Times(
      Instant createdAt,
      Instant updatedAt,
      @Nullable Instant queuedAt,
      @Nullable Instant delayUntil,
      @Nullable Instant startedAt,
      @Nullable Instant expiredAt,
      @Nullable Instant completedAt) {}

  /** The short columns that nothing routes by. Durations in the unit that the name says. */
  public record Facts(
      @Nullable String queue,
      @Nullable String concurrencyKey,
      @Nullable String machine,
      @Nullable String region,
      @Nullable String ttl,
      @Nullable String lockedVersion,
      int priority,
      @Nullable Integer maxAttempts,
      @Nullable Integer maxDurationSeconds,
      String triggerFunction,
      boolean isTest,
      int attemptCount,
      int usageDurationMs,
      double costInCents,
      double baseCostInCents,
      List<String> realtimeStreams) {
    private static final Facts NONE =
        new Facts(
            null, null, null, null, null, null, 0, null, null, "", false, 0, 0, 0, 0, List.of());
  }

  /**
   * The columns that may be wide, and the types of the three packets. Payload, output and metadata
   * are kept as the text that came in; error is JSON; options are the trigger's options as JSON.
   */
  public record Contents(
      @Nullable String payloadType,
      @Nullable String outputType,
      @Nullable String metadataType,
      Column<String> idempotencyKey,
      Column<String> payload,
      Column<String> output,
      Column<String> metadata,
      Column<String> error,
      Column<String> options) {

    /** Whether nothing was left out. */
    public boolean isWhole() {
      return idempotencyKey.isKnown()
          && payload.isKnown()
          && output.isKnown()
          && metadata.isKnown()
          && error.isKnown()
          && options.isKnown();
    }

    private static final Contents NONE =
        new Contents(
            null,
            null,
            null,
            Column.unchanged(),
            Column.unchanged(),
            Column.unchanged(),
            Column.unchanged(),
            Column.unchanged(),
            Column.unchanged());

    /** As of a change that told none of them. */
    Contents untold() {
      return new Contents(
          payloadType,
          outputType,
          metadataType,
          Column.unchanged(),
          Column.unchanged(),
          Column.unchanged(),
          Column.unchanged(),
          Column.unchanged(),
          Column.unchanged());
    }

    int weight() {
      return length(idempotencyKey)
          + length(payload)
          + length(output)
          + length(metadata)
          + length(error)
          + length(options);
    }

    private static int length(Column<String> column) {
      String text = column.orNull();
      return text == null ? 0 : text.length();
    }

    Contents over(Contents older) {
      return new Contents(
          payloadType,
          outputType,
          metadataType,
          idempotencyKey.over(older.idempotencyKey),
          payload.over(older.payload),
          output.over(older.output),
          metadata.over(older.metadata),
          error.over(older.error),
          options.over(older.options));
    }
  }

  public Run {
    tags = List.copyOf(tags);
  }

  public boolean isWhole() {
    return contents.isWhole();
  }

  /** A rough size in bytes, for budgets: what it costs to keep or to send. */
  public int weight() {
    return 512 + 64 * tags.size() + contents.weight();
  }

  /** This newer version laid over an older one of the same run: what it left out is inherited. */
  public Run over(Run older) {
    return isWhole() ? this : with(contents.over(older.contents));
  }

  /** Without the wide columns: enough to say which version of which run it is. */
  public Run withoutContents() {
    return with(contents.untold());
  }

  /** Only what feeds go by, to be kept in memory for many. */
  public Run forRouting() {
    return new Run(
        environment,
        id,
        version,
        changedXid,
        status,
        taskIdentifier,
        tags,
        links,
        times,
        Facts.NONE,
        Contents.NONE);
  }

  /** The same in another status, with other tags. */
  public Run as(RunStatus otherStatus, List<String> otherTags) {
    return new Run(
        environment,
        id,
        version,
        changedXid,
        otherStatus,
        taskIdentifier,
        otherTags,
        links,
        times,
        facts,
        contents);
  }

  private Run with(Contents other) {
    return new Run(
        environment,
        id,
        version,
        changedXid,
        status,
        taskIdentifier,
        tags,
        links,
        times,
        facts,
        other);
  }
}
