package dev.runcast.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.runcast.run.BatchId;
import dev.runcast.run.Column;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.run.tally.RunHash;
import dev.runcast.testing.Sample;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The frames of the protocol against the golden ones, which clients are tested with too. A change
 * of these files is a change of the protocol.
 */
class FrameJsonTest {
  private static final Path GOLDEN = Path.of("..", "it", "protocol");
  private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final Instant COMMITTED = Instant.parse("2026-01-02T03:04:06.000001Z");
  private static final Lsn LSN = Lsn.parse("0/17B4D68");

  private static final Map<String, Frame> FRAMES = frames();

  @TestFactory
  Stream<DynamicTest> everyFrameIsWrittenAsTheGoldenOne() throws IOException {
    JsonArray golden = new JsonArray(Files.readString(GOLDEN.resolve("frames.json")));
    assertThat(golden.stream().map(each -> ((JsonObject) each).getString("name")))
        .containsExactlyElementsOf(FRAMES.keySet());
    return golden.stream()
        .map(JsonObject.class::cast)
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.getString("name"),
                    () -> {
                      Frame frame = FRAMES.get(each.getString("name"));
                      assertThat(frame.event()).isEqualTo(each.getString("event"));
                      assertThat(json(frame, Columns.ALL)).isEqualTo(each.getJsonObject("data"));
                    }));
  }

  @Test
  void aFeedIsWrittenAsTheGoldenTranscript() throws IOException {
    List<String> events = new ArrayList<>();
    int index = 0;
    for (Frame frame : FRAMES.values()) {
      Cursor cursor = new Cursor(new Incarnation(3, 7), 700, new Position(LSN, index++), null);
      events.add(new SharedFrame(frame).sse(Columns.ALL, cursor).toString());
    }

    assertThat(String.join("", events))
        .isEqualTo(Files.readString(GOLDEN.resolve("feed.sse"), StandardCharsets.UTF_8));
  }

  @Test
  void anAbsentColumnIsUnchangedAndANullIsNull() {
    JsonObject run = json(FRAMES.get("value becomes null"), Columns.ALL).getJsonObject("run");

    assertThat(run.containsKey("output")).isTrue();
    assertThat(run.getValue("output")).isNull();
    assertThat(run.fieldNames()).doesNotContain("payload", "metadata", "error", "idempotencyKey");
  }

  @Test
  void skippedColumnsAreAbsentButForTheReservedOnes() {
    Columns columns = new Columns(Set.of("payload", "tags", "durationMs", "id", "status"));
    JsonObject run = json(FRAMES.get("whole run"), columns).getJsonObject("run");

    assertThat(run.fieldNames()).doesNotContain("payload", "tags", "durationMs");
    assertThat(run.fieldNames()).contains("id", "status", "output", "payloadType");
  }

  @Test
  void whatASkippedPayloadWasMadeOfIsSkippedToo() {
    Frame frame = FRAMES.get("a payload with what JSON does not have");
    JsonObject run = json(frame, new Columns(Set.of("payload"))).getJsonObject("run");

    assertThat(run.fieldNames()).doesNotContain("payload", "payloadMeta");
    assertThat(json(frame, Columns.ALL).getJsonObject("run").fieldNames()).contains("payloadMeta");
  }

  @Test
  void textsThatAreNotWhatTheirTypeSaysAreStillJson() {
    List<String> texts =
        List.of("", " ", "{", "NaN", "{}{}", "\u0000", "\ud800", "[".repeat(2_000), "\u2028\n\r");
    for (String text : texts) {
      Frame frame = new Frame.RunUpdate(whole(Column.known(text)), true, LSN, COMMITTED);
      assertThatCode(() -> json(frame, Columns.ALL)).as(text).doesNotThrowAnyException();
      assertThat(new String(FrameJson.encode(frame, Columns.ALL), StandardCharsets.UTF_8))
          .as("one line, whatever is in it")
          .doesNotContain("\n", "\r");
    }
  }

  @Test
  void bytesAreMadeOnceForAllWhoHaveTheSameColumnsAndCursor() {
    SharedFrame frame = new SharedFrame(FRAMES.get("whole run"));
    Cursor cursor = Cursor.ofRead(new Incarnation(3, 7), 700);

    assertThat(frame.sse(Columns.ALL, cursor)).isSameAs(frame.sse(Columns.ALL, cursor));
    assertThat(frame.sseWithOwnId(Columns.ALL, "x~1").toString())
        .startsWith("id: x~1\nevent: run\n");
    assertThat(frame.sse(Columns.ALL, null).toString()).startsWith("event: run\n");
  }

  private static JsonObject json(Frame frame, Columns columns) {
    return new JsonObject(new String(FrameJson.encode(frame, columns), StandardCharsets.UTF_8));
  }

  private static Map<String, Frame> frames() {
    Map<String, Frame> frames = new LinkedHashMap<>();
    Run whole = whole(Column.known("{\"to\":\"ada@example.com\",\"n\":1.10}"));
    frames.put(
        "snapshot, beginning and end of a full read",
        new Frame.Snapshot(true, true, true, List.of(whole), List.of()));
    frames.put(
        "snapshot, what changed since a cursor",
        new Frame.Snapshot(
            false,
            false,
            false,
            List.of(bare()),
            List.of(
                new Frame.Leave(new RunId("run_gone"), 9, Frame.Leave.Reason.FILTER),
                new Frame.Leave(
                    new RunId("run_purged"), Long.MAX_VALUE, Frame.Leave.Reason.DELETED))));
    frames.put("live", new Frame.Live());
    frames.put("whole run", new Frame.RunUpdate(whole, true, LSN, COMMITTED));
    frames.put(
        "status only, wide columns unchanged",
        new Frame.RunUpdate(
            Sample.run("run_1")
                .version(4)
                .status(RunStatus.EXECUTING)
                .untouched()
                .row()
                .withoutContents(),
            false,
            LSN,
            COMMITTED));
    frames.put("value becomes null", new Frame.RunUpdate(outputOnly(null), false, LSN, COMMITTED));
    frames.put("run read from the table", new Frame.RunUpdate(bare(), true, null, null));
    frames.put(
        "chunks of a stream",
        new Frame.Chunk(
            new RunId("run_1"),
            "openai",
            12,
            "{\"delta\":\"é😀\\n\"}\n\"text\"\nnull\n1.50",
            COMMITTED));
    frames.put("leave", new Frame.Leave(new RunId("run_1"), 7, Frame.Leave.Reason.FILTER));
    frames.put("deleted", new Frame.Leave(new RunId("run_1"), 8, Frame.Leave.Reason.DELETED));
    frames.put("stale", new Frame.Stale(Instant.parse("2026-01-02T03:04:05Z")));
    frames.put(
        "a token is about to end", new Frame.TokenExpiring(Instant.parse("2026-01-02T03:05:00Z")));
    frames.put("end, come back", new Frame.End(CloseCode.MAX_AGE));
    frames.put("end, for good", new Frame.End(CloseCode.RUN_FINISHED));
    frames.put(
        "counts",
        new Frame.Counts(
            new TreeMap<>(Map.of("QUEUED", 38_666L, "EXECUTING", 100L, "COMPLETED", 61_234L)),
            COMMITTED));
    frames.put("counts as the table was read, of nothing", new Frame.Counts(new TreeMap<>(), null));
    frames.put(
        "snapshot, beginning and end of a repair",
        new Frame.Snapshot(
            true, true, true, List.of(bare()), List.of(), new TreeSet<>(Set.of(170, 3))));
    frames.put("digest", digest(false));
    frames.put("digest, with those of its parts", digest(true));
    frames.put("end, the token was revoked", new Frame.End(CloseCode.REVOKED, LSN));
    frames.put(
        "a payload with what JSON does not have",
        new Frame.RunUpdate(
            superJson(
                "{\"json\":{\"at\":\"2026-01-02T03:04:05.678Z\",\"n\":\"7\"},"
                    + "\"meta\":{\"values\":{\"at\":[\"Date\"],\"n\":[\"bigint\"]}}}"),
            true,
            LSN,
            COMMITTED));
    return frames;
  }

  /** Of a feed of two runs. */
  private static Frame digest(boolean ofParts) {
    Long[] parts = new Long[RunHash.BUCKETS];
    Arrays.fill(parts, 0L);
    long sum = 0;
    for (Run member : List.of(whole(Column.known("")), bare())) {
      long hash = RunHash.of(member.id(), member.version());
      parts[RunHash.bucketOf(member.id())] += hash;
      sum += hash;
    }
    return new Frame.Digest(sum, 2, ofParts ? List.of(parts) : List.of());
  }

  private static Run bare() {
    return Sample.run("run_bare").row();
  }

  private static Run superJson(String payload) {
    Run run = bare();
    Run.Contents contents = run.contents();
    return with(
        run,
        run.times(),
        run.facts(),
        new Run.Contents(
            Packet.SUPER_JSON_TYPE,
            null,
            null,
            contents.idempotencyKey(),
            Column.known(payload),
            contents.output(),
            contents.metadata(),
            contents.error(),
            contents.options()));
  }

  private static Run outputOnly(String output) {
    Run run = Sample.run("run_1").version(5).row();
    Run.Contents untold = run.withoutContents().contents();
    return with(
        run,
        run.times(),
        run.facts(),
        new Run.Contents(
            untold.payloadType(),
            null,
            null,
            untold.idempotencyKey(),
            untold.payload(),
            Column.known(output),
            untold.metadata(),
            untold.error(),
            untold.options()));
  }

  private static Run whole(Column<String> payload) {
    Run run =
        Sample.run("run_1")
            .version(3)
            .status(RunStatus.COMPLETED_SUCCESSFULLY)
            .tagged("user:1", "é😀\"")
            .row();
    return with(
        run,
        new Run.Times(CREATED, CREATED, CREATED, CREATED, CREATED, CREATED, CREATED),
        new Run.Facts(
            "task/hello",
            "user:1",
            "small-1x",
            "eu-west",
            "10m",
            "20260102.1",
            7,
            3,
            3_600,
            "batchTrigger",
            true,
            2,
            1_234,
            0.25,
            1.5,
            List.of("s1")),
        new Run.Contents(
            Packet.JSON_TYPE,
            Packet.TEXT_TYPE,
            Packet.SUPER_JSON_TYPE,
            Column.known("idem"),
            payload,
            Column.known("line one\nline two"),
            Column.known("{\"json\":{\"progress\":0.5},\"meta\":{}}"),
            Column.known("{\"message\":\"none\"}"),
            Column.known("{}")));
  }

  private static Run with(Run run, Run.Times times, Run.Facts facts, Run.Contents contents) {
    boolean linked = run.contents().isWhole() && contents.isWhole();
    return new Run(
        run.environment(),
        run.id(),
        run.version(),
        run.changedXid(),
        run.status(),
        "send-email",
        run.tags(),
        linked
            ? new Run.Links(new BatchId("batch_1"), new RunId("run_p"), new RunId("run_r"), 2)
            : run.links(),
        times,
        facts,
        contents);
  }
}
