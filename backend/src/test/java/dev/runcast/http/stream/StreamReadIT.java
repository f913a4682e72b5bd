package dev.runcast.http.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.realtime.sse.RawClient;
import dev.runcast.testing.Await;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StreamReadIT {
  private static StreamServer server;

  @BeforeAll
  static void start() {
    server = new StreamServer();
  }

  @AfterAll
  static void stop() {
    server.close();
    server.postgres.dropSlots();
  }

  private static String writing(String run) {
    return "/realtime/v1/streams/" + run + "/self/s";
  }

  private static String reading(String run) {
    return "/realtime/v1/streams/" + run + "/s";
  }

  @Test
  void readersSeeEachLineWhileTheBodyIsStillOpen() throws IOException {
    String run = server.run();
    StreamReading early = StreamReading.of(server, reading(run));
    assertThat(early.client.header("x-stream-version")).isEqualTo("v1");
    assertThat(early.client.header("content-type")).startsWith("text/event-stream");
    Upload upload = Upload.to(server, writing(run), "x-client-id: c");

    upload.send("\"one\"\n\"tw");
    assertThat(early.next()).isEqualTo("\"one\"");
    assertThat(early.lastId).matches("[0-9]{13}-0");
    upload.send("o\"\n");
    assertThat(early.next()).isEqualTo("\"two\"");

    StreamReading late = StreamReading.of(server, reading(run));
    assertThat(late.next(2)).containsExactly("\"one\"", "\"two\"");
    assertThat(late.lastId).isEqualTo(early.lastId);

    upload.send("3\n");
    assertThat(upload.finish()).isEqualTo(200);
    server.complete(run);
    assertThat(early.toTheEnd()).containsExactly("3");
    assertThat(late.toTheEnd()).containsExactly("3");
  }

  @Test
  void endsOnceTheRunIsDoneAndItsWritersAre() throws IOException {
    String run = server.run();
    Upload upload = Upload.to(server, writing(run), "x-client-id: c");
    upload.send("0\n");
    StreamReading reader = StreamReading.of(server, reading(run));
    assertThat(reader.next()).isEqualTo("0");

    server.complete(run);
    upload.send("1\n");
    assertThat(reader.next()).isEqualTo("1");
    upload.send("2\n3\n");

    assertThat(upload.finish()).isEqualTo(200);
    assertThat(reader.toTheEnd()).containsExactly("2", "3");
    assertThat(StreamReading.of(server, reading(run)).toTheEnd())
        .containsExactly("0", "1", "2", "3");
  }

  @Test
  void endsAtOnceForARunThatIsDoneAndWroteNothing() throws IOException {
    String run = server.run();
    StreamReading waiting = StreamReading.of(server, reading(run));
    server.complete(run);

    assertThat(waiting.toTheEnd()).isEmpty();
    assertThat(StreamReading.of(server, reading(run)).toTheEnd()).isEmpty();
  }

  @Test
  void whatWasAcknowledgedComesBeforeTheEnd() throws IOException {
    for (int i = 0; i < 20; i++) {
      String run = server.run();
      StreamReading reader = StreamReading.of(server, reading(run));
      Upload upload = Upload.to(server, writing(run), "x-client-id: c");
      assertThat(upload.send("\"last\"\n").finish()).isEqualTo(200);
      assertThat(patch(run, "{\"status\":\"COMPLETED\"}")).isEqualTo(200);

      assertThat(reader.toTheEnd()).containsExactly("\"last\"");
    }
  }

  @Test
  void whatIsTracedOfARunIsFollowedLive() throws IOException {
    String run = server.run();
    StreamReading reader = StreamReading.of(server, "/realtime/v1/streams/" + run + "/$$trace");

    for (String text : List.of("one", "two")) {
      assertThat(call("POST /otel/v1/logs", logOf(run, text))).isEqualTo(200);
      assertThat(reader.next()).contains("\"name\":\"" + text + "\"");
    }
    server.complete(run);

    assertThat(reader.toTheEnd()).isEmpty();
    assertThat(StreamReading.of(server, "/realtime/v1/streams/" + run + "/$$trace").toTheEnd())
        .hasSize(2);
    assertThat(StreamReading.of(server, reading(run)).toTheEnd()).isEmpty();
  }

  private static String logOf(String run, String text) {
    return """
        {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1","body":{"stringValue":"%s"},
        "attributes":[{"key":"ctx.run.id","value":{"stringValue":"%s"}}]}]}]}]}"""
        .formatted(text, run);
  }

  private static int patch(String run, String body) throws IOException {
    return call("PATCH /api/v1/runs/" + run, body);
  }

  private static int call(String route, String body) throws IOException {
    try (RawClient client = RawClient.connect(server.port())) {
      return client
          .send(
              ("%s HTTP/1.1\r\nhost: test\r\nauthorization: Bearer %s\r\n"
                      + "content-type: application/json\r\ncontent-length: %d\r\n\r\n%s")
                  .formatted(route, StreamServer.SECRET, body.length(), body))
          .status();
    }
  }

  @Test
  void whatIsHeldOfARunIsStoredBeforeItIsCompleted() throws IOException {
    String run = server.run();
    StreamReading reader = StreamReading.of(server, reading(run));
    Upload upload = Upload.to(server, writing(run), "x-client-id: c").send("0\n");
    assertThat(reader.next()).isEqualTo("0");
    for (int i = 1; i < 500; i++) {
      upload.send(i + "\n");
    }
    assertThat(patch(run, "{\"status\":\"COMPLETED\"}")).isEqualTo(200);
    assertThat(upload.finish()).isEqualTo(200);

    assertThat(reader.toTheEnd())
        .containsExactlyElementsOf(IntStream.range(1, 500).mapToObj(Integer::toString).toList());
  }

  @Test
  void goesOnAfterTheIdThatAClientBrings() throws IOException {
    String run = server.run();
    Upload upload = Upload.to(server, writing(run), "x-client-id: c");
    upload.send("0\n1\n2\n3\n4\n");
    assertThat(upload.finish()).isEqualTo(200);
    StreamReading first = StreamReading.of(server, reading(run));
    assertThat(first.next(3)).containsExactly("0", "1", "2");

    assertThat(StreamReading.of(server, reading(run), "last-event-id: " + first.lastId).next(2))
        .containsExactly("3", "4");
    assertThat(StreamReading.of(server, reading(run), "last-event-id: 1").next(3))
        .containsExactly("2", "3", "4");
    assertThat(StreamReading.of(server, reading(run), "last-event-id: -1").next()).isEqualTo("0");
    StreamReading latest = StreamReading.of(server, reading(run), "x-trigger-stream-start: latest");
    StreamReading ahead = StreamReading.of(server, reading(run), "last-event-id: 5");
    // Both have read the table before they hear of what comes next.
    assertThat(latest.client.block()).isEqualTo(": ok");
    Upload more = Upload.to(server, writing(run), "x-client-id: d");
    assertThat(more.send("5\n6\n").finish()).isEqualTo(200);

    assertThat(ahead.next()).isEqualTo("6");
    server.complete(run);
    List<String> heard = latest.toTheEnd();
    assertThat(List.of("5", "6").subList(2 - heard.size(), 2)).isEqualTo(heard);
  }

  @Test
  void refusesWhatCanNotBeUnderstood() throws IOException {
    String run = server.run();
    for (String timeout : List.of("0", "601", "-1", "1.5", "x", "99999999999")) {
      assertThat(
              StreamReading.tried(server, reading(run), "timeout-seconds: " + timeout)
                  .client
                  .status())
          .as(timeout)
          .isEqualTo(400);
    }
    assertThat(StreamReading.tried(server, reading(run), "last-event-id: what").client.status())
        .isEqualTo(400);
  }

  @Test
  void endsAStreamThatIsSilentForAsLongAsItsClientWouldWait() throws IOException {
    String run = server.run();
    Upload upload = Upload.to(server, writing(run), "x-client-id: c");
    upload.send("0\n");

    StreamReading reader = StreamReading.of(server, reading(run), "timeout-seconds: 1");

    assertThat(reader.toTheEnd()).containsExactly("0");
    upload.close();
  }

  @Test
  void breaksOffRatherThanEndsWhenTheNodeStops() throws IOException {
    try (StreamServer other = new StreamServer(server.postgres)) {
      String run = server.run();
      StreamReading reader = StreamReading.of(other, reading(run));

      other.undeployApi();

      assertThat(reader.breaksOff()).isTrue();
    }
  }

  @Test
  void aSlowReaderGetsEverythingInOrder() throws IOException {
    String run = server.run();
    StreamReading slow = StreamReading.of(server, reading(run));
    assertThat(slow.client.block()).isEqualTo(": ok");
    Upload upload = Upload.to(server, writing(run), "x-client-id: c");
    String filling = "x".repeat(20_000);
    int count = 1_000;
    for (int i = 0; i < count; i++) {
      upload.send("\"" + i + " " + filling + "\"\n");
    }
    assertThat(upload.finish()).isEqualTo(200);
    server.complete(run);

    List<String> chunks = slow.toTheEnd();

    assertThat(chunks.stream().map(chunk -> chunk.substring(1, chunk.indexOf(' '))))
        .containsExactlyElementsOf(IntStream.range(0, count).mapToObj(Integer::toString).toList());
  }

  @Test
  void readersNeedTheScopesOfTheRun() throws IOException {
    String run = server.run();
    String others = server.run("env_other", "null");
    for (String scope :
        List.of("read:runs", "read:runs:" + run, "read:tasks:task", "read:tags:mine", "admin")) {
      assertThat(status(run, StreamServer.token(scope))).as(scope).isEqualTo(200);
    }
    for (String scope :
        List.of("read:runs:run_x", "read:tags:other", "write:runs", "write:inputStreams:" + run)) {
      assertThat(status(run, StreamServer.token(scope))).as(scope).isEqualTo(403);
    }
    assertThat(status(others, StreamServer.SECRET)).isEqualTo(404);
    assertThat(status("run_none", StreamServer.SECRET)).isEqualTo(404);
    assertThat(status(run, "nonsense")).isEqualTo(401);
  }

  private static int status(String run, String credential) throws IOException {
    try (RawClient client = RawClient.connect(server.port())) {
      return client
          .send(
              "GET %s HTTP/1.1\r\nhost: test\r\nauthorization: Bearer %s\r\n\r\n"
                  .formatted(reading(run), credential))
          .status();
    }
  }

  @Test
  void whatIsSentInIsNumberedFromZero() throws IOException {
    String run = server.run();
    String path = "/realtime/v1/streams/" + run + "/input/chat";
    StreamReading task = StreamReading.of(server, path, "timeout-seconds: 600");
    for (String data : List.of("{\"data\":{\"n\":1}}", "{\"data\":\"two\"}", "{}")) {
      assertThat(Upload.to(server, path).send(data).finish()).isEqualTo(200);
    }

    assertThat(task.next()).isEqualTo("{\"n\":1}");
    assertThat(task.lastId).isEqualTo("0");
    assertThat(task.next(2)).containsExactly("\"two\"", "null");
    assertThat(task.lastId).isEqualTo("2");
    assertThat(StreamReading.of(server, path, "last-event-id: 0").next()).isEqualTo("\"two\"");
  }

  @Test
  void hearsOfChunksThatAnyWriterOfSqlStores() throws IOException {
    String run = server.run();
    StreamReading reader = StreamReading.of(server, reading(run));
    assertThat(reader.client.block()).isEqualTo(": ok");
    server.postgres.execute(
        """
        insert into stream (environment_id, run_id, key, next_seq, revision)
          values ('env_dev', '%1$s', 's', 2, 1);
        insert into stream_segment
            (environment_id, run_id, key, first_seq, revision, count, chunks, writers)
          values ('env_dev', '%1$s', 's', 0, 1, 2, E'1\\n2', 0)"""
            .formatted(run));

    assertThat(reader.next(2)).containsExactly("1", "2");
  }

  @Test
  void aTransactionTooLargeToCarryIsReadFromTheTable() throws IOException {
    String run = server.run();
    StreamReading reader = StreamReading.of(server, reading(run));
    assertThat(reader.client.block()).isEqualTo(": ok");
    server.postgres.execute(
        """
        insert into stream (environment_id, run_id, key, next_seq, revision)
          values ('env_dev', '%1$s', 's', 200, 200);
        insert into stream_segment
            (environment_id, run_id, key, first_seq, revision, count, chunks, writers)
          select 'env_dev', '%1$s', 's', i, i + 1, 1, to_json(i || repeat('x', 200000)), 0
          from generate_series(0, 199) i"""
            .formatted(run));

    List<String> chunks = reader.next(200);

    assertThat(chunks.get(0)).startsWith("\"0x");
    assertThat(chunks.get(199)).startsWith("\"199x");
  }

  @Test
  void countsWhatIsStoredAndSent() throws IOException {
    String run = server.run();
    long stored = server.stored.get();
    long sent = server.sent.get();
    Upload upload = Upload.to(server, writing(run));
    assertThat(upload.send("1\n2\n").finish()).isEqualTo(200);
    assertThat(StreamReading.of(server, reading(run)).next(2)).hasSize(2);

    Await.until("two stored", () -> server.stored.get() >= stored + 2);
    Await.until("two sent", () -> server.sent.get() >= sent + 2);
  }
}
