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

class StreamIngestIT {
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

  private static String path(String run) {
    return "/realtime/v1/streams/" + run + "/self/s";
  }

  private static RawClient request(String method, String path, String secret, String... headers)
      throws IOException {
    StringBuilder head = new StringBuilder();
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return RawClient.connect(server.port())
        .send(
            "%s %s HTTP/1.1\r\nhost: test\r\nauthorization: Bearer %s\r\n%s\r\n"
                .formatted(method, path, secret, head));
  }

  private static String lastIndex(String run, String client) throws IOException {
    RawClient answer = request("HEAD", path(run), StreamServer.SECRET, "x-client-id: " + client);
    assertThat(answer.status()).isEqualTo(200);
    return answer.header("x-last-chunk-index");
  }

  @Test
  void registersAStreamOnceAndTellsSubscribersOfTheRun() throws IOException {
    String run = server.run();

    RawClient first = request("PUT", path(run), StreamServer.SECRET);
    assertThat(first.status()).isEqualTo(202);
    assertThat(first.rest()).isEqualTo("{\"version\":\"v1\"}");
    assertThat(request("PUT", path(run), StreamServer.SECRET).status()).isEqualTo(202);

    assertThat(
            server.texts(
                "select realtime_streams::text || ' ' || version from run where id = '"
                    + run
                    + "'"))
        .containsExactly("{s} 2");
  }

  @Test
  void registersWithTheParentAndTheRoot() throws IOException {
    String parent = server.run();
    String run = server.run("env_dev", "'" + parent + "'");
    String base = "/realtime/v1/streams/" + run;

    assertThat(request("PUT", base + "/parent/p", StreamServer.SECRET).status()).isEqualTo(202);
    assertThat(request("PUT", base + "/root/r", StreamServer.SECRET).status()).isEqualTo(202);
    assertThat(request("PUT", base + "/self/m", StreamServer.SECRET).status()).isEqualTo(202);

    assertThat(server.texts("select realtime_streams from run where id = '" + parent + "'"))
        .containsExactly("{p,r}");
    assertThat(server.texts("select realtime_streams from run where id = '" + run + "'"))
        .containsExactly("{m}");
  }

  @Test
  void storesLinesHoweverTheyAreCut() throws IOException {
    String run = server.run();
    Upload upload = Upload.to(server, path(run), "x-client-id: c");

    upload.send("{\"a\":1}\n{\"b\"").send(":2}\r\n\n").send("\"π").send("\"\n[1,\r2]\nlast");

    assertThat(upload.finish()).isEqualTo(200);
    assertThat(server.chunks(run, "s"))
        .containsExactly("{\"a\":1}", "{\"b\":2}", "\"π\"", "[1, 2]", "\"last\"");
    assertThat(server.texts("select realtime_streams from run where id = '" + run + "'"))
        .containsExactly("{s}");
  }

  @Test
  void storesWhatIsNoJsonAsText() throws IOException {
    String run = server.run();
    Upload upload = Upload.to(server, path(run));

    upload.send("plain \"text\"\n").send("nul \0 and half \\ud800\n").send("\"\\ud800\"\n");
    upload.send(new byte[] {'x', (byte) 0xff, '\n'}).send("{} {}\n");

    assertThat(upload.finish()).isEqualTo(200);
    assertThat(server.chunks(run, "s"))
        .containsExactly(
            "\"plain \\\"text\\\"\"",
            "\"nul \\u0000 and half \\\\ud800\"",
            "\"\\ud800\"",
            "\"x\uFFFD\"",
            "\"{} {}\"");
  }

  @Test
  void leavesOutWhatAWriterHasSentBefore() throws IOException {
    String run = server.run();
    try (Upload broken = Upload.to(server, path(run), "x-client-id: c")) {
      broken.send("0\n1\n2\nhalf a li");
      Await.until("three chunks to be stored", () -> server.chunks(run, "s").size() == 3);
    }
    assertThat(lastIndex(run, "c")).isEqualTo("2");
    assertThat(lastIndex(run, "another")).isEqualTo("-1");

    Upload again = Upload.to(server, path(run), "x-client-id: c", "x-resume-from-chunk: 1");
    again.send("1\n2\n3\n4\n");

    assertThat(again.finish()).isEqualTo(200);
    assertThat(server.chunks(run, "s")).containsExactly("0", "1", "2", "3", "4");
    assertThat(lastIndex(run, "c")).isEqualTo("4");
    assertThat(server.texts("select writers from stream where run_id = '" + run + "'"))
        .containsExactly("0");
  }

  @Test
  void numbersTheChunksOfTwoWritersWithoutGaps() throws IOException {
    String run = server.run();
    Upload one = Upload.to(server, path(run), "x-client-id: one");
    Upload two = Upload.to(server, path(run), "x-client-id: two");
    for (int i = 0; i < 50; i++) {
      one.send("\"one " + i + "\"\n");
      two.send("\"two " + i + "\"\n");
    }
    assertThat(one.finish()).isEqualTo(200);
    assertThat(two.finish()).isEqualTo(200);

    List<String> chunks = server.chunks(run, "s");
    assertThat(chunks).hasSize(100);
    for (String writer : List.of("one", "two")) {
      assertThat(chunks.stream().filter(chunk -> chunk.contains(writer)))
          .containsExactlyElementsOf(
              IntStream.range(0, 50).mapToObj(i -> "\"" + writer + " " + i + "\"").toList());
    }
    assertThat(
            server.texts(
                "select first_seq || '+' || count from stream_segment where count > 0 and run_id ="
                    + " '"
                    + run
                    + "' order by first_seq"))
        .satisfies(StreamIngestIT::areDense);
  }

  private static void areDense(List<? extends String> segments) {
    long next = 0;
    for (String segment : segments) {
      String[] parts = segment.split("\\+", -1);
      assertThat(Long.parseLong(parts[0])).isEqualTo(next);
      next += Long.parseLong(parts[1]);
    }
  }

  @Test
  void takesALongBodyInPiecesOfManySegments() throws IOException {
    String run = server.run();
    Upload upload = Upload.to(server, path(run), "x-client-id: c");
    String line = "\"" + "x".repeat(40_000) + "\"\n";
    for (int i = 0; i < 100; i++) {
      upload.send(line);
    }

    assertThat(upload.finish()).isEqualTo(200);
    assertThat(server.texts("select sum(count) from stream_segment where run_id = '" + run + "'"))
        .containsExactly("100");
    assertThat(
            server.texts(
                "select max(length(chunks)) from stream_segment where run_id = '" + run + "'"))
        .allSatisfy(length -> assertThat(Integer.parseInt(length)).isLessThan(200_000));
  }

  @Test
  void refusesALineThatIsTooLongAndKeepsWhatCameBefore() throws IOException {
    String run = server.run();
    Upload upload = Upload.to(server, path(run), "x-client-id: c");

    upload.send("1\n" + "x".repeat(StreamServer.CHUNK_BYTES + 1));

    assertThat(upload.answer()).isEqualTo(413);
    assertThat(upload.body()).contains("--max-chunk");
    Await.until("the line before", () -> server.chunks(run, "s").equals(List.of("1")));
    Await.until(
        "the writer to count as done",
        () ->
            server
                .texts("select writers from stream where run_id = '" + run + "'")
                .equals(List.of("0")));
  }

  @Test
  void refusesALineThatIsNestedTooDeep() throws IOException {
    String run = server.run();
    Upload upload = Upload.to(server, path(run));
    upload.send("[".repeat(10_000) + "]".repeat(10_000) + "\n");

    assertThat(upload.answer()).isEqualTo(422);
    assertThat(upload.body()).contains("nested deeper");
  }

  @Test
  void addsNothingToARunThatHasFinishedButWhatWasBegunBefore() throws IOException {
    String run = server.run();
    Upload begun = Upload.to(server, path(run), "x-client-id: c");
    begun.send("0\n");
    Await.until("the first chunk", () -> server.chunks(run, "s").size() == 1);
    begun.close();
    server.complete(run);

    assertThat(request("PUT", path(run), StreamServer.SECRET).status()).isEqualTo(400);
    Upload late = Upload.to(server, path(run), "x-client-id: d");
    assertThat(late.send("9\n").finish()).isEqualTo(400);
    Upload back = Upload.to(server, path(run), "x-client-id: c", "x-resume-from-chunk: 1");
    assertThat(back.send("1\n").finish()).isEqualTo(200);

    assertThat(server.chunks(run, "s")).containsExactly("0", "1");
  }

  @Test
  void appendsAPartOnceHoweverOftenItIsSent() throws IOException {
    String run = server.run();
    for (String part : List.of("p1", "p1", "p2")) {
      Upload upload = Upload.to(server, path(run) + "/append", "x-part-id: " + part);
      assertThat(upload.send("text of " + part).finish()).isEqualTo(200);
      assertThat(upload.body()).isEqualTo("{\"ok\":true}");
    }

    assertThat(server.chunks(run, "s")).containsExactly("\"text of p1\"", "\"text of p2\"");
    server.complete(run);
    Upload late = Upload.to(server, path(run) + "/append");
    assertThat(late.send("late").finish()).isEqualTo(400);
  }

  @Test
  void refusesWhatIsNotThereAndWhoMayNot() throws IOException {
    String run = server.run();
    String others = server.run("env_other", "null");

    assertThat(request("PUT", path("run_none"), StreamServer.SECRET).status()).isEqualTo(404);
    assertThat(request("PUT", path(others), StreamServer.SECRET).status()).isEqualTo(404);
    assertThat(Upload.to(server, path(others)).send("1\n").finish()).isEqualTo(404);
    assertThat(request("HEAD", path(others), StreamServer.SECRET, "x-client-id: c").status())
        .isEqualTo(404);
    assertThat(request("HEAD", path(run), StreamServer.SECRET).header("x-last-chunk-index"))
        .isEqualTo("-1");
    assertThat(request("PUT", path(run), StreamServer.token("write:runs")).status()).isEqualTo(403);
    assertThat(
            request("PUT", "/realtime/v1/streams/" + run + "/other/s", StreamServer.SECRET)
                .status())
        .isIn(404, 405);
    assertThat(
            request(
                    "PUT",
                    "/realtime/v1/streams/" + run + "/self/%24%24input%2Fx",
                    StreamServer.SECRET)
                .status())
        .isEqualTo(400);
    assertThat(
            request("PUT", "/realtime/v1/streams/" + run + "/self/a%00b", StreamServer.SECRET)
                .status())
        .isEqualTo(400);
    assertThat(Upload.to(server, path(run), "x-resume-from-chunk: -1").send("1\n").finish())
        .isEqualTo(400);
  }

  @Test
  void refusesMoreStreamsThanARunMayHave() throws IOException {
    String run = server.run();
    for (int i = 0; i < StreamServer.STREAMS; i++) {
      assertThat(
              request("PUT", "/realtime/v1/streams/" + run + "/self/s" + i, StreamServer.SECRET)
                  .status())
          .isEqualTo(202);
    }

    RawClient refused =
        request("PUT", "/realtime/v1/streams/" + run + "/self/more", StreamServer.SECRET);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.rest()).contains("the most that a run may have");
  }

  @Test
  void takesWhatIsSentInToARun() throws IOException {
    String run = server.run();
    String body = "{\"data\":{\"go\":1}}";
    RawClient answer =
        RawClient.connect(server.port())
            .send(
                ("POST /realtime/v1/streams/%s/input/chat HTTP/1.1\r\nhost: test\r\n"
                        + "authorization: Bearer %s\r\ncontent-length: %d\r\n\r\n%s")
                    .formatted(
                        run, StreamServer.token("write:inputStreams:" + run), body.length(), body));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.rest()).isEqualTo("{\"ok\":true}");
    assertThat(server.chunks(run, "$$input/chat")).containsExactly("{\"go\":1}");
    assertThat(server.texts("select realtime_streams from run where id = '" + run + "'"))
        .containsExactly("{}");
    assertThat(
            request(
                    "POST",
                    "/realtime/v1/streams/" + run + "/input/chat",
                    StreamServer.token("read:runs", "write:inputStreams:run_other"))
                .status())
        .isEqualTo(403);
    assertThat(
            request("POST", "/realtime/v1/streams/" + run + "/input/chat", StreamServer.SECRET)
                .status())
        .isEqualTo(400);
  }
}
