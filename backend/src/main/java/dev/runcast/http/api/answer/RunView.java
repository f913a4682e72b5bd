package dev.runcast.http.api.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.runcast.engine.schedule.Cron;
import dev.runcast.http.api.request.Generation;
import dev.runcast.json.JsonText;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.RunReads.BySchedule;
import dev.runcast.store.RunReads.Family;
import dev.runcast.store.execution.Claimed;
import dev.runcast.wire.Columns;
import dev.runcast.wire.Packet;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs as REST shows them. What is null is left out: clients take null for a malformed value. By
 * way of text, so that halves of surrogate pairs, which JSON can hold and UTF-8 can't, go out as
 * the escapes that they came in as.
 */
public final class RunView {
  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final JsonGenerator json;
  private final Columns columns;
  private final Generation generation;

  private RunView(JsonGenerator json, Columns columns, Generation generation) {
    this.json = json;
    this.columns = columns;
    this.generation = generation;
  }

  /** Writes into one JSON object; throws IOException only because a generator may. */
  public interface Writing {
    void to(RunView view) throws IOException;
  }

  /** The text of an object with these members. */
  public static String object(Columns columns, Writing members) {
    return object(columns, Generation.TODAY, members);
  }

  /** The same, with the names that a generation of clients knows. */
  public static String object(Columns columns, Generation generation, Writing members) {
    StringWriter text = new StringWriter(1024);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      members.to(new RunView(json, columns, generation));
      json.writeEndObject();
    } catch (IOException cannotHappenInMemory) {
      throw new UncheckedIOException(cannotHappenInMemory);
    }
    return JsonText.storable(text.toString());
  }

  public JsonGenerator json() {
    return json;
  }

  /**
   * All that there is to say of one run.
   *
   * @param link where a packet that is kept apart can be read, by its name
   */
  public void whole(Run run, Family family, UnaryOperator<String> link) throws IOException {
    common(run);
    Run.Contents contents = run.contents();
    packetOrLink("payload", contents.payload().orNull(), contents.payloadType(), link);
    if (run.status() == RunStatus.COMPLETED_SUCCESSFULLY) {
      packetOrLink("output", contents.output().orNull(), contents.outputType(), link);
    }
    error(contents.error().orNull());
    // Clients of the generation before the last insist on it.
    json.writeArrayFieldStart("attempts");
    json.writeEndArray();
    schedule(family.schedule());
    json.writeObjectFieldStart("relatedRuns");
    related("root", family.root());
    related("parent", family.parent());
    if (!family.children().isEmpty()) {
      array("children", family.children());
    }
    json.writeEndObject();
  }

  /**
   * What a worker is told of a run that it has claimed: its lease and its id before all else, for
   * those who read JSON by patterns.
   *
   * @param link where a packet that is kept apart can be read, by its name
   */
  public void claimed(Claimed claimed, UnaryOperator<String> link) throws IOException {
    Run run = claimed.run();
    text("lease", claimed.lease());
    time("leaseExpiresAt", claimed.until());
    common(run);
    text("concurrencyKey", run.facts().concurrencyKey());
    text("payloadType", run.contents().payloadType());
    packetOrLink("payload", run.contents().payload().orNull(), run.contents().payloadType(), link);
    json.writeNumberField("attempt", claimed.attempt());
    number("maxAttempts", run.facts().maxAttempts());
    number("maxDuration", run.facts().maxDurationSeconds());
  }

  private void number(String name, @Nullable Integer value) throws IOException {
    if (value != null) {
      json.writeNumberField(name, value);
    }
  }

  /** An error, in whatever form it is stored. */
  public void error(@Nullable String stored) throws IOException {
    if (stored != null && columns.shows("error")) {
      json.writeFieldName("error");
      ErrorView.write(json, stored);
    }
  }

  private void schedule(@Nullable BySchedule schedule) throws IOException {
    if (schedule == null) {
      return;
    }
    json.writeObjectFieldStart("schedule");
    text("id", schedule.id());
    text("externalId", schedule.externalId());
    text("deduplicationKey", schedule.deduplicationKey());
    json.writeObjectFieldStart("generator");
    text("type", "CRON");
    text("expression", schedule.cron());
    text("description", Cron.describe(schedule.cron()));
    json.writeEndObject();
    json.writeEndObject();
  }

  private void related(String name, @Nullable Run run) throws IOException {
    if (run != null) {
      json.writeObjectFieldStart(name);
      common(run);
      json.writeEndObject();
    }
  }

  /** Runs as they stand in lists. */
  public void array(String name, List<Run> runs) throws IOException {
    json.writeArrayFieldStart(name);
    for (Run run : runs) {
      json.writeStartObject();
      common(run);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** What is said of a run wherever it is shown. */
  public void common(Run run) throws IOException {
    Run.Facts facts = run.facts();
    text("id", run.id().value());
    text("taskIdentifier", run.taskIdentifier());
    status(run.status());
    texts("tags", run.tags());
    text("idempotencyKey", run.contents().idempotencyKey().orNull());
    text("version", facts.lockedVersion());
    text("ttl", facts.ttl());
    text("region", facts.region());
    text("queue", facts.queue());
    json.writeBooleanField("isTest", facts.isTest());
    json.writeNumberField("attemptCount", facts.attemptCount());
    json.writeNumberField("costInCents", facts.costInCents());
    json.writeNumberField("baseCostInCents", facts.baseCostInCents());
    json.writeNumberField("durationMs", facts.usageDurationMs());
    text("triggerFunction", facts.triggerFunction());
    links(run.links());
    times(run.times());
    metadata(run.contents());
  }

  private void status(RunStatus status) throws IOException {
    String name = status.apiName();
    boolean success = status == RunStatus.COMPLETED_SUCCESSFULLY;
    boolean waiting = name.equals("WAITING");
    boolean executing = List.of("DEQUEUED", "EXECUTING").contains(name);
    text("status", generation.name(status));
    json.writeBooleanField(
        "isQueued", List.of("PENDING_VERSION", "QUEUED", "DELAYED").contains(name));
    // The older generation counts a run that waits among those that execute.
    json.writeBooleanField(
        "isExecuting", executing || (waiting && generation == Generation.LEGACY));
    json.writeBooleanField("isWaiting", waiting);
    json.writeBooleanField("isCompleted", status.isFinal());
    json.writeBooleanField("isSuccess", success);
    json.writeBooleanField("isFailed", status.isFinal() && !success);
    json.writeBooleanField("isCancelled", status == RunStatus.CANCELED);
  }

  private void links(Run.Links links) throws IOException {
    json.writeNumberField("depth", links.depth());
    text("batchId", links.batch() == null ? null : links.batch().value());
    text("parentRunId", id(links.parent()));
    text("rootRunId", id(links.root()));
  }

  private static @Nullable String id(@Nullable RunId run) {
    return run == null ? null : run.value();
  }

  private void times(Run.Times times) throws IOException {
    time("createdAt", times.createdAt());
    time("updatedAt", times.updatedAt());
    time("delayedUntil", times.delayUntil());
    time("startedAt", times.startedAt());
    time("expiredAt", times.expiredAt());
    time("finishedAt", times.completedAt());
  }

  /** The metadata alone, and an object in any case. */
  public void metadataOrEmpty(Run run) throws IOException {
    metadata(run.contents());
    if (run.contents().metadata().orNull() == null) {
      json.writeObjectFieldStart("metadata");
      json.writeEndObject();
    }
  }

  /** Only an object: what else plain SQL has stored there, clients could not take. */
  private void metadata(Run.Contents contents) throws IOException {
    String metadata = contents.metadata().orNull();
    if (metadata != null && metadata.stripLeading().startsWith("{")) {
      packet("metadata", metadata, contents.metadataType());
    }
  }

  private void packetOrLink(
      String name, @Nullable String text, @Nullable String type, UnaryOperator<String> link)
      throws IOException {
    if (text != null && Packet.STORE_TYPE.equals(type) && columns.shows(name)) {
      text(name + "PresignedUrl", link.apply(text));
    } else {
      packet(name, text, type);
    }
  }

  /** A packet that is stored elsewhere is not shown: its text is no value, but the way to it. */
  private void packet(String name, @Nullable String text, @Nullable String type)
      throws IOException {
    if (text != null && !Packet.STORE_TYPE.equals(type) && columns.shows(name)) {
      json.writeFieldName(name);
      Packet.write(json, text, type);
    }
  }

  public void text(String name, @Nullable String value) throws IOException {
    if (value != null && columns.shows(name)) {
      json.writeStringField(name, value);
    }
  }

  public void texts(String name, List<String> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  public void time(String name, @Nullable Instant value) throws IOException {
    text(name, value == null ? null : TIME.format(value));
  }
}
