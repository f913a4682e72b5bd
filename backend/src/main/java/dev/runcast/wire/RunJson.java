package dev.runcast.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.runcast.run.Column;
import dev.runcast.run.Run;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The native row: the run's own columns under the names that REST uses. Payload, output and
 * metadata are decoded to plain JSON by their type; a wide column that was not told is absent.
 */
final class RunJson {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final JsonGenerator json;
  private final Columns columns;

  private RunJson(JsonGenerator json, Columns columns) {
    this.json = json;
    this.columns = columns;
  }

  static void write(JsonGenerator json, Run run, Columns columns) throws IOException {
    json.writeStartObject();
    RunJson row = new RunJson(json, columns);
    row.identity(run);
    row.times(run.times());
    row.facts(run.facts());
    row.contents(run.contents());
    json.writeEndObject();
  }

  private void identity(Run run) throws IOException {
    Run.Links links = run.links();
    text("id", run.id().value());
    text("taskIdentifier", run.taskIdentifier());
    text("status", run.status().apiName());
    texts("tags", run.tags());
    text("batchId", links.batch() == null ? null : links.batch().value());
    text("parentRunId", links.parent() == null ? null : links.parent().value());
    text("rootRunId", links.root() == null ? null : links.root().value());
    number("depth", links.depth());
  }

  private void times(Run.Times times) throws IOException {
    time("createdAt", times.createdAt());
    time("updatedAt", times.updatedAt());
    time("queuedAt", times.queuedAt());
    time("delayedUntil", times.delayUntil());
    time("startedAt", times.startedAt());
    time("expiredAt", times.expiredAt());
    time("finishedAt", times.completedAt());
  }

  private void facts(Run.Facts facts) throws IOException {
    text("queue", facts.queue());
    text("concurrencyKey", facts.concurrencyKey());
    text("machine", facts.machine());
    text("region", facts.region());
    text("ttl", facts.ttl());
    text("version", facts.lockedVersion());
    number("priority", facts.priority());
    number("maxAttempts", facts.maxAttempts());
    number("maxDuration", facts.maxDurationSeconds());
    text("triggerFunction", facts.triggerFunction());
    if (columns.shows("isTest")) {
      json.writeBooleanField("isTest", facts.isTest());
    }
    number("attemptCount", facts.attemptCount());
    number("durationMs", facts.usageDurationMs());
    number("costInCents", facts.costInCents());
    number("baseCostInCents", facts.baseCostInCents());
    texts("realtimeStreams", facts.realtimeStreams());
  }

  private void contents(Run.Contents contents) throws IOException {
    if (contents.idempotencyKey().isKnown()) {
      text("idempotencyKey", contents.idempotencyKey().orNull());
    }
    packet("payload", contents.payload(), contents.payloadType());
    meta("payload", contents.payload(), contents.payloadType());
    text("payloadType", contents.payloadType());
    packet("output", contents.output(), contents.outputType());
    meta("output", contents.output(), contents.outputType());
    text("outputType", contents.outputType());
    packet("metadata", contents.metadata(), contents.metadataType());
    packet("error", contents.error(), null);
  }

  private void packet(String name, Column<String> column, @Nullable String type)
      throws IOException {
    if (column.isKnown() && columns.shows(name)) {
      json.writeFieldName(name);
      Packet.write(json, column.orNull(), type);
    }
  }

  private void meta(String name, Column<String> column, @Nullable String type) throws IOException {
    if (column.isKnown() && columns.shows(name)) {
      Packet.writeMeta(json, name + "Meta", column.orNull(), type);
    }
  }

  private void text(String name, @Nullable String value) throws IOException {
    if (columns.shows(name)) {
      json.writeFieldName(name);
      json.writeString(value);
    }
  }

  private void texts(String name, List<String> values) throws IOException {
    if (columns.shows(name)) {
      json.writeArrayFieldStart(name);
      for (String value : values) {
        json.writeString(value);
      }
      json.writeEndArray();
    }
  }

  private void time(String name, @Nullable Instant value) throws IOException {
    text(name, value == null ? null : TIME.format(value));
  }

  private void number(String name, @Nullable Number value) throws IOException {
    if (!columns.shows(name)) {
      return;
    }
    json.writeFieldName(name);
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Double fraction) {
      json.writeNumber(fraction);
    } else {
      json.writeNumber(value.longValue());
    }
  }
}
