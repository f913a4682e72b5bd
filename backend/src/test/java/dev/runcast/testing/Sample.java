package dev.runcast.testing;

import dev.runcast.run.BatchId;
import dev.runcast.run.Column;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import java.time.Instant;
import java.util.List;

/** A run for tests: an ordinary one, but for what a test sets. Immutable. */
public record Sample(
    EnvironmentId environment,
    RunId id,
    long version,
    long xid,
    RunStatus status,
    List<String> tags,
    Run.Links links,
    Column<String> payload) {
  private static final Run.Times TIMES =
      new Run.Times(Instant.EPOCH, Instant.EPOCH, null, null, null, null, null);
  private static final Run.Facts FACTS =
      new Run.Facts(
          null, null, null, null, null, null, 0, null, null, "trigger", false, 0, 0, 0, 0,
          List.of());

  public static final EnvironmentId ENVIRONMENT = new EnvironmentId("env");

  public static Sample run(String id) {
    return new Sample(
        ENVIRONMENT,
        new RunId(id),
        1,
        100,
        RunStatus.PENDING,
        List.of(),
        new Run.Links(null, null, null, 0),
        Column.known(null));
  }

  public Sample in(EnvironmentId other) {
    return new Sample(other, id, version, xid, status, tags, links, payload);
  }

  public Sample version(long other) {
    return new Sample(environment, id, other, xid, status, tags, links, payload);
  }

  public Sample xid(long other) {
    return new Sample(environment, id, version, other, status, tags, links, payload);
  }

  public Sample status(RunStatus other) {
    return new Sample(environment, id, version, xid, other, tags, links, payload);
  }

  public Sample tagged(String... others) {
    return new Sample(environment, id, version, xid, status, List.of(others), links, payload);
  }

  /**
   * Among others.
   *
   * @param batch null for none
   * @param parent null for none
   */
  public Sample linked(String batch, String parent) {
    Run.Links others =
        new Run.Links(
            batch == null ? null : new BatchId(batch),
            parent == null ? null : new RunId(parent),
            null,
            0);
    return new Sample(environment, id, version, xid, status, tags, others, payload);
  }

  public Sample payload(Column<String> other) {
    return new Sample(environment, id, version, xid, status, tags, links, other);
  }

  /** With its one wide column left alone, as an update tells it that did not touch it. */
  public Sample untouched() {
    return payload(Column.unchanged());
  }

  public Run row() {
    return new Run(
        environment,
        id,
        version,
        xid,
        status,
        "task",
        tags,
        links,
        TIMES,
        FACTS,
        new Run.Contents(
            "application/json",
            null,
            null,
            Column.known(null),
            payload,
            Column.known(null),
            Column.known(null),
            Column.known(null),
            Column.known(null)));
  }

  /** As the change that inserts it. */
  public RunChanged inserted(long lsn, int index) {
    return new RunChanged(
        new Position(new Lsn(lsn), index), Instant.EPOCH, row(), true, null, null);
  }

  /** As a change that left its status and its tags alone. */
  public RunChanged updated(long lsn, int index) {
    return updated(lsn, index, null, null);
  }

  /**
   * As a change that may have moved it.
   *
   * @param prevStatus null when it did not change
   * @param prevTagCount null when none was added
   */
  public RunChanged updated(long lsn, int index, RunStatus prevStatus, Integer prevTagCount) {
    return new RunChanged(
        new Position(new Lsn(lsn), index), Instant.EPOCH, row(), false, prevStatus, prevTagCount);
  }
}
