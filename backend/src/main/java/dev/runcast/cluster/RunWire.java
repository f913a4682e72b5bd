package dev.runcast.cluster;

import dev.runcast.run.BatchId;
import dev.runcast.run.Column;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;

/** A {@link Run} as it crosses nodes. Both directions list the same parts in the same order. */
final class RunWire {
  private static final int UNCHANGED = 0;
  private static final int NULL = 1;
  private static final int VALUE = 2;

  private RunWire() {}

  static void write(WireOutput out, Run run) {
    out.text(run.environment().value());
    out.text(run.id().value());
    out.int8(run.version());
    out.int8(run.changedXid());
    out.text(run.status().name());
    out.text(run.taskIdentifier());
    out.all(run.tags(), WireOutput::text);
    writeLinks(out, run.links());
    writeTimes(out, run.times());
    writeFacts(out, run.facts());
    writeContents(out, run.contents());
  }

  static Run read(WireInput in) {
    return new Run(
        new EnvironmentId(in.text()),
        new RunId(in.text()),
        in.int8(),
        in.int8(),
        RunStatus.valueOf(in.text()),
        in.text(),
        in.all(WireInput::text),
        readLinks(in),
        readTimes(in),
        readFacts(in),
        readContents(in));
  }

  private static void writeLinks(WireOutput out, Run.Links links) {
    out.optional(links.batch(), (o, batch) -> o.text(batch.value()));
    out.optional(links.parent(), (o, parent) -> o.text(parent.value()));
    out.optional(links.root(), (o, root) -> o.text(root.value()));
    out.int4(links.depth());
  }

  private static Run.Links readLinks(WireInput in) {
    return new Run.Links(
        in.optional(i -> new BatchId(i.text())),
        in.optional(i -> new RunId(i.text())),
        in.optional(i -> new RunId(i.text())),
        in.int4());
  }

  private static void writeTimes(WireOutput out, Run.Times times) {
    out.time(times.createdAt());
    out.time(times.updatedAt());
    out.timeOrNull(times.queuedAt());
    out.timeOrNull(times.delayUntil());
    out.timeOrNull(times.startedAt());
    out.timeOrNull(times.expiredAt());
    out.timeOrNull(times.completedAt());
  }

  private static Run.Times readTimes(WireInput in) {
    return new Run.Times(
        in.time(),
        in.time(),
        in.timeOrNull(),
        in.timeOrNull(),
        in.timeOrNull(),
        in.timeOrNull(),
        in.timeOrNull());
  }

  private static void writeFacts(WireOutput out, Run.Facts facts) {
    out.textOrNull(facts.queue());
    out.textOrNull(facts.concurrencyKey());
    out.textOrNull(facts.machine());
    out.textOrNull(facts.region());
    out.textOrNull(facts.ttl());
    out.textOrNull(facts.lockedVersion());
    out.int4(facts.priority());
    out.int4OrNull(facts.maxAttempts());
    out.int4OrNull(facts.maxDurationSeconds());
    out.text(facts.triggerFunction());
    out.bool(facts.isTest());
    out.int4(facts.attemptCount());
    out.int4(facts.usageDurationMs());
    out.float8(facts.costInCents());
    out.float8(facts.baseCostInCents());
    out.all(facts.realtimeStreams(), WireOutput::text);
  }

  private static Run.Facts readFacts(WireInput in) {
    return new Run.Facts(
        in.textOrNull(),
        in.textOrNull(),
        in.textOrNull(),
        in.textOrNull(),
        in.textOrNull(),
        in.textOrNull(),
        in.int4(),
        in.int4OrNull(),
        in.int4OrNull(),
        in.text(),
        in.bool(),
        in.int4(),
        in.int4(),
        in.float8(),
        in.float8(),
        in.all(WireInput::text));
  }

  private static void writeContents(WireOutput out, Run.Contents contents) {
    out.textOrNull(contents.payloadType());
    out.textOrNull(contents.outputType());
    out.textOrNull(contents.metadataType());
    writeColumn(out, contents.idempotencyKey());
    writeColumn(out, contents.payload());
    writeColumn(out, contents.output());
    writeColumn(out, contents.metadata());
    writeColumn(out, contents.error());
    writeColumn(out, contents.options());
  }

  private static Run.Contents readContents(WireInput in) {
    return new Run.Contents(
        in.textOrNull(),
        in.textOrNull(),
        in.textOrNull(),
        readColumn(in),
        readColumn(in),
        readColumn(in),
        readColumn(in),
        readColumn(in),
        readColumn(in));
  }

  private static void writeColumn(WireOutput out, Column<String> column) {
    String value = column.orNull();
    if (value != null) {
      out.int1(VALUE);
      out.text(value);
    } else {
      out.int1(column.isKnown() ? NULL : UNCHANGED);
    }
  }

  private static Column<String> readColumn(WireInput in) {
    int kind = in.int1();
    return switch (kind) {
      case UNCHANGED -> Column.unchanged();
      case NULL -> Column.known(null);
      case VALUE -> Column.known(in.text());
      default -> throw new IllegalArgumentException("a column of unknown kind " + kind);
    };
  }
}
