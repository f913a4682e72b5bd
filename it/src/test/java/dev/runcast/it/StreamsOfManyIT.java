package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Answer;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Frame;
import dev.runcast.it.harness.NewRun;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SocketProbe;
import dev.runcast.it.harness.Speech;
import dev.runcast.it.harness.SseProbe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Feeds of several runs that tell what these say: of those that are in the feed, and no others. */
class StreamsOfManyIT {
  private static final String FEED = "/realtime/v1/runs?streams=*&tags=";

  private final Api api = Shared.api();
  private final RunWriter sql = Shared.sql();
  private final Speech speech = new Speech(api);
  private final String tag = name("speaking");

  private String insert(NewRun like) {
    return sql.insert(like.at("EXECUTING"));
  }

  private void tag(String run) {
    Answer answer = api.post("/api/v1/runs/" + run + "/tags", Map.of("tags", List.of(tag)));
    assertThat(answer.status()).isEqualTo(200);
  }

  private static int told(SseProbe probe, String run) {
    return probe.ask(known -> known.chunks().of(run, "log").size());
  }

  @Test
  void tellsWhatTheRunsOfATagHaveSaidAndWhatTheySay() {
    String one = insert(run().tagged(tag));
    String two = insert(run().tagged(tag, "other"));
    String foreign = insert(run());
    speech.say(one, "log", 0, 3);
    speech.say(foreign, "log", 0, 3);
    try (SseProbe probe = Shared.node().follow(FEED + tag).awaitLive()) {
      speech.say(foreign, "log", 3, 6);
      speech.say(two, "log", 0, 4);
      speech.say(one, "log", 3, 6);
      Speech.await(probe, one, "log", 6);
      Speech.await(probe, two, "log", 4);

      assertThat(probe.<Integer>ask(known -> known.chunks().told())).isEqualTo(10);
      assertThat(told(probe, foreign)).isZero();
    }
  }

  @Test
  void whoGetsTheTagIsToldFromItsFirstChunkOnAndBeforeItsRow() {
    String late = insert(run());
    speech.say(late, "log", 0, 50);
    try (SseProbe probe = Shared.node().follow(FEED + tag).awaitLive()) {
      speech.say(late, "log", 50, 60);
      tag(late);
      speech.say(late, "log", 60, 70);
      Speech.await(probe, late, "log", 70);
      probe.awaitStatus(late, "EXECUTING");

      List<Frame> frames = probe.frames();
      int row = frames.indexOf(probe.frames("run").get(0));
      int chunk = frames.indexOf(probe.frames("chunk").get(0));
      assertThat(chunk).isLessThan(row);
    }
  }

  @Test
  void whoLeavesByItsStatusIsNotToldFurtherAndToldAnewWhenItComesBack() {
    String moving = insert(run().tagged(tag));
    String staying = insert(run().tagged(tag));
    try (SseProbe probe = Shared.node().follow(FEED + tag + "&status=EXECUTING").awaitLive()) {
      speech.say(moving, "log", 0, 3);
      Speech.await(probe, moving, "log", 3);
      sql.update(moving, "status = 'WAITING_TO_RESUME'");
      speech.say(moving, "log", 3, 6);
      speech.say(staying, "log", 0, 1);
      Speech.await(probe, staying, "log", 1);
      assertThat(told(probe, moving)).isEqualTo(3);
      assertThat(probe.runs()).containsExactly(staying);

      sql.update(moving, "status = 'EXECUTING'");
      Speech.await(probe, moving, "log", 6);
      speech.say(moving, "log", 6, 9);
      Speech.await(probe, moving, "log", 9);
    }
  }

  @Test
  void batchesParentsAndTheEnvironmentTellTheChunksOfTheirs() {
    String batch = sql.insertBatch(1);
    String parent = insert(run());
    String inBatch = insert(run().inBatch(batch));
    String child = insert(run().under(parent));
    speech.say(inBatch, "log", 0, 3);
    speech.say(child, "log", 0, 3);
    String ofBatch = "/realtime/v1/batches/" + batch + "?streams=log";
    String ofParent = "/realtime/v1/runs?streams=*&parent=" + parent;
    try (SseProbe batches = Shared.node().follow(ofBatch).awaitLive();
        SseProbe parents = Shared.node().follow(ofParent).awaitLive();
        SseProbe all = Shared.node().follow("/realtime/v1/runs?streams=*&createdAt=1h&after=now");
        SocketProbe socket = SocketProbe.open(Shared.node())) {
      all.awaitLive();
      socket.follow("a", ofBatch).awaitLive("a");
      speech.say(inBatch, "log", 3, 6);
      speech.say(inBatch, "openai", 0, 6);
      speech.say(child, "log", 3, 7);
      Speech.await(batches, inBatch, "log", 6);
      Speech.await(parents, child, "log", 7);
      Speech.await(socket, "a", inBatch, "log", 6);
      all.await("both", known -> known.chunks().of(child, "log").size() == 4);

      assertThat(batches.<Integer>ask(known -> known.chunks().told())).isEqualTo(6);
      assertThat(parents.<Integer>ask(known -> known.chunks().told())).isEqualTo(7);
      assertThat(all.<Long>ask(known -> known.chunks().firstOf(inBatch, "openai"))).isZero();
    }
  }

  @Test
  void oneCursorRestoresTheRunsAndWhatTheySay() {
    String one = insert(run().tagged(tag));
    String two = insert(run());
    speech.say(two, "log", 0, 5);
    try (SseProbe probe = Shared.node().follow(FEED + tag).awaitLive()) {
      for (int i = 0; i < 5; i++) {
        speech.say(one, "log", 10 * i, 10 * i + 5);
        probe.cut();
        speech.say(one, "log", 10 * i + 5, 10 * i + 10);
        if (i == 2) {
          tag(two);
        }
        probe.connect().awaitLive();
      }
      speech.say(two, "log", 5, 10);
      Speech.await(probe, one, "log", 50);
      Speech.await(probe, two, "log", 10);

      assertThat(probe.table()).isEqualTo(sql.rows("tags @> array[?::text]", tag));
    }
  }

  @Test
  void whatWasSaidBeforeACompletionIsToldBeforeIt() {
    String one = insert(run().tagged(tag));
    String two = insert(run().tagged(tag));
    try (SseProbe probe = Shared.node().follow(FEED + tag + "&sample=500ms").awaitLive()) {
      speech.say(one, "log", 0, 1_000);
      speech.say(two, "log", 0, 1_000);
      api.move(one, Map.of("status", "COMPLETED"));
      api.move(two, Map.of("status", "COMPLETED"));
      probe.awaitStatus(one, "COMPLETED").awaitStatus(two, "COMPLETED");
      Speech.await(probe, one, "log", 1_000);
      Speech.await(probe, two, "log", 1_000);

      for (String each : List.of(one, two)) {
        assertThat(lastOf(each, "chunk", probe)).isLessThan(lastOf(each, "run", probe));
      }
    }
  }

  private static int lastOf(String run, String name, SseProbe probe) {
    List<Frame> frames = probe.frames();
    int last = -1;
    for (int i = 0; i < frames.size(); i++) {
      Frame frame = frames.get(i);
      String of =
          name.equals("chunk")
              ? frame.data().path("run").asText()
              : frame.data().at("/run/id").asText();
      last = frame.name().equals(name) && of.equals(run) ? i : last;
    }
    assertThat(last).isNotNegative();
    return last;
  }

  @Test
  void countsDigestsAndRepairsGoWithIt() {
    String one = insert(run().tagged(tag));
    String two = insert(run().tagged(tag));
    speech.say(one, "log", 0, 3);
    String feed = FEED + tag + "&include=";
    try (SseProbe probe = Shared.node().follow(feed + "counts,digest").awaitLive()) {
      speech.say(two, "log", 0, 3);
      Speech.await(probe, two, "log", 3);
      probe.await("the digest", known -> known.isProven() && known.counts().size() == 1);
      probe.cut().ask(known -> known.rows().remove(one));
      probe.asking(feed + "buckets").connect();
      probe.await("what is wrong", known -> known.isRefuted() && !known.wrongParts().isEmpty());
      String parts = probe.ask(known -> known.wrongParts().toString().replaceAll("[^0-9,]", ""));
      probe.cut().asking(feed + "digest&buckets=" + parts).connect();
      speech.say(one, "log", 3, 6);
      Speech.await(probe, one, "log", 6);
      Speech.await(probe, two, "log", 3);
      probe.await("the digest", known -> known.isProven());

      assertThat(probe.table()).isEqualTo(sql.rows("tags @> array[?::text]", tag));
    }
  }

  @Test
  void aPublicTokenIsToldTheChunksOfWhatItMayRead() {
    String mine = insert(run().tagged(tag));
    String token = Shared.tokens().granting("read:tags:" + tag);
    try (SseProbe probe = Shared.node().follow(FEED + tag, token).awaitLive()) {
      speech.say(insert(run()), "log", 0, 3);
      speech.say(mine, "log", 0, 3);
      Speech.await(probe, mine, "log", 3);

      assertThat(probe.<Integer>ask(known -> known.chunks().told())).isEqualTo(3);
    }
  }
}
