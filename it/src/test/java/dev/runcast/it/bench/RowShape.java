package dev.runcast.it.bench;

import dev.runcast.run.Column;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.wire.Columns;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How large the rows are that are fanned out: the JSON of the run, as subscribers are sent it, has
 * so many bytes. What is in excess of the columns is padding in its metadata.
 *
 * @param skipped columns that the subscribers leave out; a whole run takes 700 bytes at the least
 */
public record RowShape(String name, int bytes, Set<String> skipped) {
  private static final Set<String> ALL_BUT_METADATA =
      Set.of(
          "tags",
          "batchId",
          "parentRunId",
          "rootRunId",
          "depth",
          "queuedAt",
          "delayedUntil",
          "startedAt",
          "expiredAt",
          "finishedAt",
          "queue",
          "concurrencyKey",
          "machine",
          "region",
          "ttl",
          "version",
          "priority",
          "maxAttempts",
          "maxDuration",
          "triggerFunction",
          "isTest",
          "attemptCount",
          "durationMs",
          "costInCents",
          "baseCostInCents",
          "realtimeStreams",
          "idempotencyKey",
          "payload",
          "payloadType",
          "output",
          "outputType",
          "metadataType",
          "error");

  public static final RowShape SMALL = new RowShape("256 B", 256, ALL_BUT_METADATA);
  public static final RowShape LARGE = new RowShape("2 KiB", 2048, Set.of());

  public static final EnvironmentId ENVIRONMENT = new EnvironmentId("env_bench");
  public static final Incarnation INCARNATION = new Incarnation(1, 1);

  /** What a subscriber adds to its URL. */
  public String query() {
    return skipped.isEmpty()
        ? ""
        : "?skipColumns=" + skipped.stream().sorted().collect(Collectors.joining(","));
  }

  /** The metadata that makes the row as large as it is to be, as JSON. */
  public String metadata() {
    int without = runJson(run("run_f0", 1, 1, "{\"pad\":\"\"}"));
    return "{\"pad\":\"" + "x".repeat(bytes - without) + "\"}";
  }

  /** A version of a run, with the given metadata. */
  public static Run run(String id, long version, long xid, String metadata) {
    Instant now = Instant.EPOCH.plusMillis(version);
    return new Run(
        ENVIRONMENT,
        new RunId(id),
        version,
        xid,
        RunStatus.EXECUTING,
        "bench",
        List.of(),
        new Run.Links(null, null, null, 0),
        new Run.Times(Instant.EPOCH, now, now, null, now, null, null),
        new Run.Facts(
            "task/bench",
            null,
            null,
            null,
            null,
            null,
            0,
            null,
            null,
            "trigger",
            false,
            1,
            0,
            0,
            0,
            List.of()),
        new Run.Contents(
            "application/json",
            null,
            "application/json",
            Column.known(null),
            Column.known("{}"),
            Column.known(null),
            Column.known(metadata),
            Column.known(null),
            Column.known(null)));
  }

  /** A whole event as the service writes it, but for the chunk's framing. */
  public String event(String run, Instant committedAt, String metadata) {
    Lsn lsn = new Lsn(0x1_0000_0000L);
    Cursor cursor = new Cursor(INCARNATION, 1_000_000, new Position(lsn, 0), null);
    Frame frame = new Frame.RunUpdate(run(run, 1000, 1_000_000, metadata), false, lsn, committedAt);
    return new SharedFrame(frame)
        .sse(new Columns(skipped), cursor)
        .toString(StandardCharsets.UTF_8);
  }

  private int runJson(Run run) {
    Frame frame = new Frame.RunUpdate(run, false, null, null);
    String event = new SharedFrame(frame).sse(new Columns(skipped), null).toString();
    String row = event.substring(event.indexOf("\"run\":") + "\"run\":".length());
    return row.stripTrailing().length() - "}".length();
  }

  /** The present, with as many digits as Postgres has. */
  public static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }
}
