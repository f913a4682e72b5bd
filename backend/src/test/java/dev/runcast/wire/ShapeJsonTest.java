package dev.runcast.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.BatchId;
import dev.runcast.run.Column;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows as the official clients take them, by examples. */
class ShapeJsonTest {
  private static final ShapeForm ALL = new ShapeForm(Columns.ALL, false);
  private static final ShapeForm LEGACY = new ShapeForm(Columns.ALL, true);
  private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678901Z");

  @Test
  void tellsAWholeRunAsAnInsertWithEveryColumn() {
    Run run =
        run(
            RunStatus.COMPLETED_SUCCESSFULLY,
            contents("{\"json\":1}", "application/super+json", null));

    assertThat(messages(new Frame.RunUpdate(run, true, null, null), ALL))
        .containsExactly(
            """
            {"key":"\\"public\\".\\"run\\"/\\"run_1\\"","value":{"id":"run_1",\
            "friendlyId":"run_1","taskIdentifier":"send","status":"COMPLETED_SUCCESSFULLY",\
            "runTags":["user:1","NULL","a,\\"b\\""],"createdAt":"2026-01-02T03:04:05.678",\
            "updatedAt":"2026-01-02T03:04:05.678","queuedAt":null,"delayUntil":null,\
            "startedAt":null,"expiredAt":null,"completedAt":"2026-01-02T03:04:05.678",\
            "ttl":"10m","number":0,"isTest":true,"usageDurationMs":12,"costInCents":0.5,\
            "baseCostInCents":0.25,"realtimeStreams":["s"],"payload":"{\\"json\\":1}",\
            "payloadType":"application/super+json","output":null,"outputType":null,\
            "metadata":"{\\"a\\":1}","metadataType":"application/json","error":null,\
            "idempotencyKey":"key"},"headers":{"operation":"insert"}}""");
  }

  @Test
  void leavesOutWhatAnUpdateDoesNotTellTogetherWithItsType() {
    Run.Contents untold =
        new Run.Contents(
            "text/plain",
            "application/json",
            "application/json",
            Column.unchanged(),
            Column.unchanged(),
            Column.known("1"),
            Column.unchanged(),
            Column.unchanged(),
            Column.unchanged());

    String message =
        only(new Frame.RunUpdate(run(RunStatus.EXECUTING, untold), false, null, null), ALL);

    assertThat(message)
        .contains(
            "\"operation\":\"update\"", "\"output\":\"1\",\"outputType\":\"application/json\"")
        .doesNotContain("payload", "metadata", "error", "idempotencyKey");
  }

  @Test
  void tellsEveryRunOfAReadAndWhatLeft() {
    Run run = run(RunStatus.PENDING, contents(null, null, null));
    Frame.Leave gone = new Frame.Leave(new RunId("run_2"), 3, Frame.Leave.Reason.DELETED);

    List<String> messages =
        messages(new Frame.Snapshot(true, true, true, List.of(run), List.of(gone)), ALL);

    assertThat(messages).hasSize(2);
    assertThat(messages.get(0)).contains("run_1", "\"operation\":\"insert\"");
    assertThat(messages.get(1))
        .isEqualTo(
            "{\"key\":\"\\\"public\\\".\\\"run\\\"/\\\"run_2\\\"\",\"value\":{\"id\":\"run_2\"},"
                + "\"headers\":{\"operation\":\"delete\"}}");
  }

  @ParameterizedTest
  @CsvSource({
    "DEQUEUED, DEQUEUED, EXECUTING",
    "PENDING_VERSION, PENDING_VERSION, WAITING_FOR_DEPLOY",
    "PENDING, PENDING, PENDING",
    "TIMED_OUT, TIMED_OUT, TIMED_OUT",
  })
  void namesStatusesAsStoredButForOlderClients(RunStatus status, String today, String legacy) {
    Frame frame = new Frame.RunUpdate(run(status, contents(null, null, null)), true, null, null);

    assertThat(only(frame, ALL)).contains("\"status\":\"" + today + "\"");
    assertThat(only(frame, LEGACY)).contains("\"status\":\"" + legacy + "\"");
  }

  @Test
  void skipsColumnsButForOlderClientsNotThoseThatTheyInsistOn() {
    Columns few =
        new Columns(Set.of("payload", "tags", "finishedAt", "isTest", "durationMs", "costInCents"));
    Frame frame =
        new Frame.RunUpdate(
            run(RunStatus.EXECUTING, contents("1", "application/json", null)), true, null, null);

    assertThat(only(frame, new ShapeForm(few, false)))
        .doesNotContain("payload", "runTags", "completedAt", "isTest", "usageDurationMs")
        .doesNotContain("\"costInCents\"")
        .contains("friendlyId", "updatedAt");
    assertThat(only(frame, new ShapeForm(few, true)))
        .doesNotContain("payload", "runTags", "completedAt")
        .contains("isTest", "usageDurationMs", "\"costInCents\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not json | application/json | text/plain",
        "not json |  | text/plain",
        "{} |  | application/json",
        "{\"json\": | application/super+json | text/plain",
        "packets/x | application/store | application/store",
        "so be it | text/plain | text/plain",
      })
  void callsATextThatIsNotWhatItsTypeSaysPlain(String text, String type, String told) {
    Frame frame =
        new Frame.RunUpdate(run(RunStatus.PENDING, contents(text, type, null)), true, null, null);

    assertThat(only(frame, ALL)).contains("\"payloadType\":\"" + told + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "boom | {\"type\":\"STRING_ERROR\",\"raw\":\"boom\"}",
        "\"boom\" | {\"type\":\"STRING_ERROR\",\"raw\":\"boom\"}",
        "{\"type\":\"CUSTOM_ERROR\",\"raw\":\"x\"} | {\"type\":\"CUSTOM_ERROR\",\"raw\":\"x\"}",
        "{\"type\":\"INTERNAL_ERROR\",\"code\":\"TASK_RUN_CRASHED\",\"message\":\"m\"} |"
            + " {\"type\":\"INTERNAL_ERROR\",\"code\":\"TASK_RUN_CRASHED\",\"message\":\"m\"}",
        "{\"type\":\"INTERNAL_ERROR\",\"code\":\"UNHEARD_OF\"} |"
            + " {\"type\":\"BUILT_IN_ERROR\",\"name\":\"UNHEARD_OF\",\"message\":\"UNHEARD_OF\","
            + "\"stackTrace\":\"\"}",
        "{\"message\":\"m\",\"causes\":[{\"message\":\"c\"},7]} |"
            + " {\"type\":\"BUILT_IN_ERROR\",\"name\":\"Error\",\"message\":\"m\","
            + "\"stackTrace\":\"\",\"causes\":[{\"message\":\"c\"}]}",
        "[1] | {\"type\":\"BUILT_IN_ERROR\",\"name\":\"Error\",\"message\":\"[1]\","
            + "\"stackTrace\":\"\"}",
      })
  void tellsAnErrorInAFormThatClientsTake(String stored, String told) {
    Frame frame =
        new Frame.RunUpdate(run(RunStatus.CRASHED, contents(null, null, stored)), true, null, null);

    assertThat(only(frame, ALL)).contains("\"error\":" + told + ",");
  }

  @Test
  void tellsOlderClientsNoInternalErrorForTheyKnowFewerCodes() {
    String stored = "{\"type\":\"INTERNAL_ERROR\",\"code\":\"TASK_RUN_CRASHED\",\"message\":\"m\"}";
    Frame frame =
        new Frame.RunUpdate(run(RunStatus.CRASHED, contents(null, null, stored)), true, null, null);

    assertThat(only(frame, LEGACY))
        .contains(
            "{\"type\":\"BUILT_IN_ERROR\",\"name\":\"TASK_RUN_CRASHED\",\"message\":\"m\","
                + "\"stackTrace\":\"\"}");
  }

  private static String only(Frame frame, ShapeForm form) {
    List<String> messages = messages(frame, form);
    assertThat(messages).hasSize(1);
    return messages.get(0);
  }

  private static List<String> messages(Frame frame, ShapeForm form) {
    return new SharedFrame(frame)
        .messages(form).stream().map(bytes -> new String(bytes, StandardCharsets.UTF_8)).toList();
  }

  private static Run.Contents contents(String payload, String payloadType, String error) {
    return new Run.Contents(
        payloadType,
        null,
        "application/json",
        Column.known("key"),
        Column.known(payload),
        Column.known(null),
        Column.known("{\"a\":1}"),
        Column.known(error),
        Column.known(null));
  }

  private static Run run(RunStatus status, Run.Contents contents) {
    Instant completed = status.isFinal() ? CREATED : null;
    return new Run(
        new EnvironmentId("env_1"),
        new RunId("run_1"),
        4,
        100,
        status,
        "send",
        List.of("user:1", "NULL", "a,\"b\""),
        new Run.Links(new BatchId("batch_1"), null, null, 0),
        new Run.Times(CREATED, CREATED, null, null, null, null, completed),
        new Run.Facts(
            "q",
            null,
            null,
            null,
            "10m",
            null,
            0,
            null,
            null,
            "trigger",
            true,
            1,
            12,
            0.5,
            0.25,
            List.of("s")),
        contents);
  }
}
