package dev.runcast.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.runcast.json.JsonText;
import dev.runcast.run.Column;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frame → messages of the shape protocol, with the columns that the official clients read. Values
 * are plain JSON: the schema that goes with them names no types. Times have no zone, since the
 * clients add one; packets stay the text that they are, and a text that is not what its type says
 * is called plain text, for else the client would give up on the run. Stateless.
 */
final class ShapeJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private final JsonGenerator json;
  private final ShapeForm form;

  private ShapeJson(JsonGenerator json, ShapeForm form) {
    this.json = json;
    this.form = form;
  }

  /** One message for each run that the frame tells of, first those that it shows; UTF-8. */
  static List<byte[]> messages(Frame frame, ShapeForm form) {
    List<byte[]> messages = new ArrayList<>();
    if (frame instanceof Frame.Snapshot snapshot) {
      snapshot.runs().forEach(run -> messages.add(message(run, "insert", form)));
      snapshot.left().forEach(leave -> messages.add(deletion(leave.run(), form)));
    } else if (frame instanceof Frame.RunUpdate update) {
      messages.add(message(update.run(), update.whole() ? "insert" : "update", form));
    } else if (frame instanceof Frame.Leave leave) {
      messages.add(deletion(leave.run(), form));
    }
    return messages;
  }

  private static byte[] message(Run run, String operation, ShapeForm form) {
    return write(run.id(), operation, form, row -> row.columns(run));
  }

  private static byte[] deletion(RunId run, ShapeForm form) {
    return write(run, "delete", form, row -> row.json.writeStringField("id", run.value()));
  }

  private interface Value {
    void write(ShapeJson row) throws IOException;
  }

  private static byte[] write(RunId run, String operation, ShapeForm form, Value value) {
    StringWriter text = new StringWriter(1024);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("key", "\"public\".\"run\"/\"" + run.value() + "\"");
      json.writeObjectFieldStart("value");
      value.write(new ShapeJson(json, form));
      json.writeEndObject();
      json.writeObjectFieldStart("headers");
      json.writeStringField("operation", operation);
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException cannotHappenInMemory) {
      throw new UncheckedIOException(cannotHappenInMemory);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void columns(Run run) throws IOException {
    json.writeStringField("id", run.id().value());
    json.writeStringField("friendlyId", run.id().value());
    json.writeStringField("taskIdentifier", run.taskIdentifier());
    json.writeStringField("status", status(run));
    texts("runTags", "tags", run.tags());
    times(run.times());
    facts(run.facts());
    contents(run.contents(), run.facts().realtimeStreams());
  }

  /** As stored, which is what these clients go by; the older ones fail on what they don't know. */
  private String status(Run run) {
    RunStatus status = run.status();
    if (form.legacy() && status == RunStatus.DEQUEUED) {
      return RunStatus.EXECUTING.name();
    }
    if (form.legacy() && status == RunStatus.PENDING_VERSION) {
      return RunStatus.WAITING_FOR_DEPLOY.name();
    }
    return status.name();
  }

  private void times(Run.Times times) throws IOException {
    time("createdAt", "createdAt", times.createdAt());
    time("updatedAt", "updatedAt", times.updatedAt());
    time("queuedAt", "queuedAt", times.queuedAt());
    time("delayUntil", "delayedUntil", times.delayUntil());
    time("startedAt", "startedAt", times.startedAt());
    time("expiredAt", "expiredAt", times.expiredAt());
    time("completedAt", "finishedAt", times.completedAt());
  }

  private void facts(Run.Facts facts) throws IOException {
    text("ttl", facts.ttl());
    json.writeNumberField("number", 0);
    if (insistedOn("isTest")) {
      json.writeBooleanField("isTest", facts.isTest());
    }
    if (insistedOn("durationMs")) {
      json.writeNumberField("usageDurationMs", facts.usageDurationMs());
    }
    if (insistedOn("costInCents")) {
      json.writeNumberField("costInCents", facts.costInCents());
    }
    if (insistedOn("baseCostInCents")) {
      json.writeNumberField("baseCostInCents", facts.baseCostInCents());
    }
    texts("realtimeStreams", "realtimeStreams", facts.realtimeStreams());
  }

  private boolean insistedOn(String column) {
    return form.legacy() || form.columns().shows(column);
  }

  private void contents(Run.Contents contents, List<String> streams) throws IOException {
    packet("payload", contents.payload(), contents.payloadType());
    packet("output", contents.output(), contents.outputType());
    packet("metadata", metadata(contents, streams), contents.metadataType());
    if (contents.error().isKnown() && form.columns().shows("error")) {
      json.writeFieldName("error");
      String error = contents.error().orNull();
      if (error == null) {
        json.writeNull();
      } else {
        json.writeRawValue(JsonText.print(TaskError.of(error, form.legacy())));
      }
    }
    if (contents.idempotencyKey().isKnown()) {
      text("idempotencyKey", contents.idempotencyKey().orNull());
    }
  }

  /** The older generation learns of a run's streams from its metadata only. */
  private Column<String> metadata(Run.Contents contents, List<String> streams) {
    Column<String> metadata = contents.metadata();
    return form.legacy() && metadata.isKnown()
        ? Column.known(LegacyStreams.in(metadata.orNull(), contents.metadataType(), streams))
        : metadata;
  }

  /** A packet's type goes with it: on its own it would be laid over another text's. */
  private void packet(String name, Column<String> column, @Nullable String type)
      throws IOException {
    if (column.isKnown() && form.columns().shows(name)) {
      String text = column.orNull();
      json.writeFieldName(name);
      json.writeString(text);
      json.writeFieldName(name + "Type");
      json.writeString(text == null ? type : typeOf(text, type));
    }
  }

  private static String typeOf(String text, @Nullable String type) {
    boolean json =
        type == null || type.equals(Packet.JSON_TYPE) || type.equals(Packet.SUPER_JSON_TYPE);
    if (json && !Packet.isJson(text)) {
      return Packet.TEXT_TYPE;
    }
    return type == null ? Packet.JSON_TYPE : type;
  }

  private void text(String name, @Nullable String value) throws IOException {
    if (form.columns().shows(name)) {
      json.writeFieldName(name);
      json.writeString(value);
    }
  }

  private void texts(String name, String column, List<String> values) throws IOException {
    if (form.columns().shows(column)) {
      json.writeArrayFieldStart(name);
      for (String value : values) {
        json.writeString(value);
      }
      json.writeEndArray();
    }
  }

  private void time(String name, String column, @Nullable Instant value) throws IOException {
    if (form.columns().shows(column)) {
      json.writeFieldName(name);
      json.writeString(value == null ? null : TIME.format(value));
    }
  }
}
