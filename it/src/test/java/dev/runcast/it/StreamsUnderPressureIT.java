package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Answer;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SocketProbe;
import dev.runcast.it.harness.Speech;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What many runs say, told to clients that are slow and to those who come late: all of it. */
class StreamsUnderPressureIT {
  /** 12 MB together: far more than the heap has room for beside what it needs. */
  private static final int ROUNDS = 60;

  private static final String LINE = "\"" + "x".repeat(100_000) + "\"\n";

  private static Node node;
  private static RunWriter sql;

  private final String tag = name("loud");
  private final String feed = "/realtime/v1/runs?streams=*&tags=" + tag;
  private final String one = sql.insert(run().tagged(tag).at("EXECUTING"));
  private final String two = sql.insert(run().tagged(tag).at("EXECUTING"));

  @BeforeAll
  static void start() {
    TestDatabase database = Shared.postgres().database();
    node =
        Node.start(
            NodeSpec.serve(database)
                .with("--ring-bytes", "1MiB", "--outbox-bytes", "64KiB")
                .withHeap("64m"));
    sql = new RunWriter(database, node.api().environment());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void whoReadsNothingForAWhileIsToldAllOfItInTheEnd() {
    SseProbe.Target target = new SseProbe.Target(node.port(), feed, node.secretKey());
    try (SseProbe slow = new SseProbe(target).withReceiveBuffer(8192).connect().awaitLive();
        SocketProbe socket = SocketProbe.open(node).follow("a", feed).awaitLive("a");
        SseProbe other = node.follow("/realtime/v1/runs?tags=" + tag).awaitLive()) {
      slow.pause();
      socket.pause();
      for (int round = 0; round < ROUNDS; round++) {
        for (String each : List.of(one, two)) {
          Answer answer =
              node.api().send("POST", "/realtime/v1/streams/" + each + "/self/log", LINE, Map.of());
          assertThat(answer.status()).isEqualTo(200);
        }
      }
      node.api().move(one, Map.of("status", "COMPLETED"));
      other.awaitStatus(one, "COMPLETED");
      slow.goOn();
      socket.goOn();
      for (String each : List.of(one, two)) {
        slow.await("all chunks", known -> known.chunks().of(each, "log").size() == ROUNDS);
        socket.await("a", "all chunks", known -> known.chunks().of(each, "log").size() == ROUNDS);
      }
      slow.awaitStatus(one, "COMPLETED");
      socket.await("a", "the end", known -> known.completed().contains(one));

      assertThat(slow.isConnected()).as("slow is not an error").isTrue();
    }
  }

  @Test
  void whoComesLateIsToldAllOfManyChunksThoughItIsCutInTheMidst() {
    Speech speech = new Speech(node.api());
    int many = 60_000;
    speech.say(one, "log", 0, many);
    speech.say(two, "log", 0, many);
    SseProbe.Target target = new SseProbe.Target(node.port(), feed, node.secretKey());
    try (SseProbe probe = new SseProbe(target).withReceiveBuffer(8192)) {
      probe.pauseAt(frame -> frame.name().equals("chunk") && frame.data().path("seq").asInt() > 0);
      probe.connect();
      probe.awaitFrame(
          "a chunk further on",
          frame -> frame.name().equals("chunk") && frame.data().path("seq").asInt() > 0);
      probe.cut().connect().awaitLive();
      Speech.await(probe, one, "log", many);
      Speech.await(probe, two, "log", many);
    }
  }
}
