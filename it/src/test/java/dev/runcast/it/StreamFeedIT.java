package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Answer;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.ClientModel;
import dev.runcast.it.harness.Frame;
import dev.runcast.it.harness.RawHttp;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.Speech;
import dev.runcast.it.harness.SseProbe;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A run and what it says, on one connection and under one cursor. */
class StreamFeedIT {
  private final Api api = Shared.api();
  private final RunWriter sql = Shared.sql();
  private final String run = sql.insert(run().at("EXECUTING"));
  private final String path = "/realtime/v1/runs/" + run + "?streams=*";

  private void write(String stream, int from, int to) {
    new Speech(api).say(run, stream, from, to);
  }

  private boolean holds(ClientModel known, String stream, int count) {
    return known.chunks().of(run, stream).size() == count;
  }

  private void awaitChunks(SseProbe probe, String stream, int count) {
    Speech.await(probe, run, stream, count);
  }

  private long firstOf(SseProbe probe) {
    return probe.<Long>ask(known -> known.chunks().firstOf(run, "log"));
  }

  private static int told(SseProbe probe) {
    return probe.ask(known -> known.chunks().told());
  }

  @Test
  void tellsWhatIsStoredAndThenWhatComes() {
    write("log", 0, 3);
    try (SseProbe probe = Shared.node().follow(path).awaitLive()) {
      awaitChunks(probe, "log", 3);
      write("log", 3, 5);
      write("openai", 0, 2);
      awaitChunks(probe, "log", 5);
      awaitChunks(probe, "openai", 2);

      assertThat(told(probe)).as("nothing is told twice").isEqualTo(7);
      assertThat(probe.column(run, "realtimeStreams").toString()).contains("log", "openai");
    }
  }

  @Test
  void tellsOnlyTheStreamsThatAreAskedForAndNothingThatIsSentIn() {
    api.send("POST", "/realtime/v1/streams/" + run + "/input/in", "{\"data\":1}", Map.of());
    write("log", 0, 3);
    write("openai", 0, 3);
    String some = "/realtime/v1/runs/" + run + "?streams=openai,other";
    try (SseProbe all = Shared.node().follow(path).awaitLive();
        SseProbe probe = Shared.node().follow(some).awaitLive();
        SseProbe none = Shared.node().follow("/realtime/v1/runs/" + run).awaitLive()) {
      write("log", 3, 4);
      write("openai", 3, 4);
      awaitChunks(all, "openai", 4);
      awaitChunks(probe, "openai", 4);

      assertThat(told(all)).isEqualTo(8);
      assertThat(told(probe)).isEqualTo(4);
      assertThat(told(none)).isZero();
    }
  }

  @Test
  void tellsAllChunksBeforeTheCompletionThatTheyPrecede() {
    write("log", 0, 3);
    try (SseProbe probe = Shared.node().follow(path + "&stopOnCompletion=true").awaitLive()) {
      write("log", 3, 1_000);
      api.move(run, Map.of("status", "COMPLETED", "output", "done"));
      probe.awaitDisconnected();

      List<Frame> frames = probe.frames();
      awaitChunks(probe, "log", 1_000);
      assertThat(frames.get(frames.size() - 1).data().path("reason").asText())
          .isEqualTo("run-finished");
      assertThat(frames.get(frames.size() - 2).columns().path("status").asText())
          .isEqualTo("COMPLETED");
    }
    try (SseProbe late = Shared.node().follow(path + "&stopOnCompletion=true")) {
      late.awaitDisconnected();
      awaitChunks(late, "log", 1_000);
      assertThat(late.status(run)).isEqualTo("COMPLETED");
    }
  }

  @Test
  void goesOnFromOneCursorWithRunAndChunks() {
    write("log", 0, 100);
    try (SseProbe probe = Shared.node().follow(path).awaitLive()) {
      awaitChunks(probe, "log", 100);
      for (int i = 1; i <= 10; i++) {
        probe.cut();
        write("log", 100 * i, 100 * i + 100);
        sql.update(run, "metadata = '" + i + "'");
        probe.connect().awaitLive();
        awaitChunks(probe, "log", 100 * i + 100);
        probe.awaitVersion(run, i + 1);
      }

      assertThat(probe.table()).isEqualTo(sql.rows("id = ?", run));
    }
  }

  @Test
  void aPageGoesOnFromRestWithAllThatIsStored() {
    write("log", 0, 10);
    Answer page = api.get("/api/v3/runs/" + run);
    String cursor = page.headers().get("x-runcast-cursor").get(0);
    write("log", 10, 20);
    try (SseProbe probe = Shared.node().follow(path + "&after=" + cursor).awaitLive()) {
      awaitChunks(probe, "log", 20);
    }
  }

  @Test
  void fromNowOnTellsNothingOfBefore() {
    write("log", 0, 10);
    try (SseProbe probe = Shared.node().follow(path + "&after=now").awaitLive()) {
      write("log", 10, 20);
      probe.await("ten chunks", known -> holds(known, "log", 10));

      assertThat(firstOf(probe)).isEqualTo(10);
    }
  }

  @Test
  void chunksThatWereRemovedForTheirAgeAreMissingAtTheFront() {
    write("log", 0, 10);
    sql.transact(
        transaction -> transaction.execute("delete from stream_segment where run_id = ?", run));
    write("log", 10, 20);
    try (SseProbe probe = Shared.node().follow(path).awaitLive()) {
      probe.await("what is left", known -> holds(known, "log", 10));

      assertThat(firstOf(probe)).isEqualTo(10);
    }
  }

  @Test
  void thoseWhoFollowOnAreToldWhatAWriterDeliversWhoComesBackAfterTheCompletion()
      throws IOException {
    String stream = "/realtime/v1/streams/" + run + "/self/log";
    try (SseProbe probe = Shared.node().follow(path).awaitLive();
        RawHttp writer = new RawHttp(Shared.node().port(), 0)) {
      writer.send(
          String.join(
              "\r\n",
              "POST " + stream + " HTTP/1.1",
              "host: test",
              "authorization: Bearer " + Shared.node().secretKey(),
              "x-client-id: one",
              "transfer-encoding: chunked",
              "",
              "4",
              "0\n1\n",
              ""));
      awaitChunks(probe, "log", 2);
      writer.cut();
      api.move(run, Map.of("status", "COMPLETED", "output", "done"));
      probe.awaitStatus(run, "COMPLETED");
      Map<String, String> again = Map.of("x-client-id", "one", "x-resume-from-chunk", "2");
      assertThat(api.send("POST", stream, "2\n3\n", again).status()).isEqualTo(200);
      awaitChunks(probe, "log", 4);

      Map<String, String> another = Map.of("x-client-id", "two");
      assertThat(api.send("POST", stream, "4\n", another).status())
          .as("who did not begin before")
          .isEqualTo(400);
    }
  }

  @Test
  void theLongPollRefusesStreamsByName() {
    Answer answer = api.get("/realtime/v1/runs/" + run + "?offset=-1&streams=*");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("streams");
  }
}
