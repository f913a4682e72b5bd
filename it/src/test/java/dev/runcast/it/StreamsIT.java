package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.BadNetwork;
import dev.runcast.it.harness.ClientProgram;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official SDKs of two generations, unmodified, write and read streams of runs. */
class StreamsIT {
  private static final String TODAY = "4.8.3";
  private static final String LEGACY = "3.3.17";
  private static final Map<String, String> PROGRAM =
      Map.of(TODAY, "streams", LEGACY, "streams-3.3");

  private final Api api = Shared.api();
  private final RunWriter sql = Shared.sql();

  private static ClientProgram client(Node node, String... arguments) {
    return ClientProgram.start("streams", node, arguments);
  }

  private static ClientProgram client(String... arguments) {
    return client(Shared.node(), arguments);
  }

  private static ClientProgram legacy(String... arguments) {
    return ClientProgram.start("streams-3.3", Shared.node(), arguments);
  }

  private String executing() {
    return sql.insert(run().at("EXECUTING"));
  }

  private void complete(String run) {
    api.move(run, Map.of("status", "COMPLETED", "output", "done"));
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static List<Integer> numbersOf(List<JsonNode> chunks) {
    return chunks.stream().map(chunk -> chunk.path("n").asInt(-1)).toList();
  }

  private static List<Integer> partsOf(ClientProgram reader, String key) {
    List<JsonNode> chunks = new ArrayList<>();
    for (JsonNode part : reader.told("part")) {
      if (part.path("key").asText().equals(key)) {
        chunks.add(part.path("chunk"));
      }
    }
    return numbersOf(chunks);
  }

  @Test
  @Conformance(
      client = TODAY,
      function = {"streams.pipe", "streams.read"})
  void readWhatIsPipedAsItComesAndToItsEnd() {
    String run = executing();
    try (ClientProgram reader = client("read", run, "s");
        ClientProgram writer = client("pipe", run, "s", "40", "25")) {
      reader.await("chunk");
      assertThat(writer.told("pipe")).as("it is still writing").isEmpty();
      writer.awaitEnd();
      complete(run);
      reader.await("end");

      assertThat(numbersOf(reader.told("chunk"))).isEqualTo(numbers(40));
      assertThat(reader.told("chunk").get(7).path("text").asText()).isEqualTo("π 7");
    }
    try (ClientProgram late = client("read", run, "s", "{\"startIndex\":38}")) {
      late.await("end");
      assertThat(numbersOf(late.told("chunk"))).containsExactly(38, 39);
    }
  }

  @Test
  @Conformance(
      client = TODAY,
      function = {"streams.append", "streams.define", "streams.writer", "runs.fetchStream"})
  void readWhatIsAppendedAndDefined() {
    String run = executing();
    client("append", run, "s", "a", "\"plain\"", "text").awaitEnd();
    client("define", run, "s").awaitEnd();
    complete(run);

    try (ClientProgram reader = client("fetch", run, "s")) {
      reader.await("end");

      assertThat(reader.told("chunk").toString())
          .isEqualTo(
              "[\"a \\\"plain\\\" text\", {\"part\":1}, [\"part\",2], \"part 3\", {\"part\":4}]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TODAY, LEGACY})
  @Conformance(
      client = {TODAY, LEGACY},
      function = "runs.subscribeToRun",
      with = "streams")
  void hearOfStreamsThatBeginWhileARunIsFollowed(String generation) {
    String run = executing();
    try (ClientProgram follower =
        ClientProgram.start(PROGRAM.get(generation), Shared.node(), "with", run)) {
      follower.await("run");
      try (ClientProgram one = client("pipe", run, "one", "20", "10");
          ClientProgram two = client("pipe", run, "two", "20", "10")) {
        one.awaitEnd();
        two.awaitEnd();
      }
      complete(run);
      follower.await("finished");
      awaitParts(follower, "one", 20);
      awaitParts(follower, "two", 20);

      assertThat(partsOf(follower, "one")).isEqualTo(numbers(20));
      assertThat(partsOf(follower, "two")).isEqualTo(numbers(20));
    }
  }

  private static void awaitParts(ClientProgram follower, String key, int count) {
    follower.await(
        "part",
        part ->
            part.path("key").asText().equals(key)
                && part.path("chunk").path("n").asInt() == count - 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {TODAY, LEGACY})
  @Conformance(client = LEGACY, function = "metadata.stream")
  void followWhatTheGenerationBeforeWrites(String generation) {
    String run = executing();
    try (ClientProgram follower =
            ClientProgram.start(PROGRAM.get(generation), Shared.node(), "with", run);
        ClientProgram writer = legacy("write", run, "old", "20", "20")) {
      awaitParts(follower, "old", 20);
      writer.awaitEnd();
      complete(run);
      follower.await("finished");

      assertThat(partsOf(follower, "old")).isEqualTo(numbers(20));
      assertThat(sql.rows("id = ?", run)).hasSize(1);
    }
  }

  @Test
  @Conformance(
      client = TODAY,
      function = {"metadata.stream", "metadata.fetchStream"})
  void areWrittenAndReadWithinATask() {
    String run = executing();
    try (ClientProgram task = client("metadata", run, "s", "10", "10")) {
      task.await("chunk", chunk -> chunk.path("n").asInt() == 9);
      complete(run);
      task.await("end");

      assertThat(numbersOf(task.told("chunk"))).isEqualTo(numbers(10));
      assertThat(numbersOf(task.told("own"))).isEqualTo(numbers(10));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fetch", "read"})
  @Conformance(
      client = LEGACY,
      function = {"runs.fetchStream", "metadata.fetchStream"})
  void areReadByTheGenerationBefore(String way) {
    String run = executing();
    client("pipe", run, "s", "5", "0").awaitEnd();
    complete(run);

    try (ClientProgram reader = legacy(way, run, "s")) {
      reader.await("end");
      assertThat(numbersOf(reader.told("chunk"))).isEqualTo(numbers(5));
    }
  }

  @Test
  @Conformance(client = TODAY, function = "streams.input")
  void isSentInToARun() {
    String run = executing();
    client("send", run, "chat").awaitEnd();
    complete(run);

    assertThat(api.get("/realtime/v1/streams/" + run + "/input/chat").body())
        .contains("id: 0\ndata: {\"first\":true}\n\nid: 1\ndata: \"second\"\n\n");
  }

  @Test
  @Conformance(
      client = TODAY,
      function = {"streams.pipe", "streams.read"})
  void loseAndDoubleNothingOverANetworkThatCuts() {
    String run = executing();
    Node node = Shared.node();
    try (BadNetwork network = new BadNetwork(node.port(), true, 7);
        ClientProgram reader =
            ClientProgram.start("streams", network.url(), node.secretKey(), "read", run, "s");
        ClientProgram writer =
            ClientProgram.start(
                "streams", network.url(), node.secretKey(), "pipe", run, "s", "2000", "4")) {
      Await.until("the network to cut twice", () -> network.cuts() >= 2);
      network.beGood();
      writer.awaitEnd();
      complete(run);
      reader.await("end");

      assertThat(numbersOf(reader.told("chunk"))).isEqualTo(numbers(2_000));
    }
  }

  @Test
  @Conformance(
      client = TODAY,
      function = {"streams.pipe", "streams.read"})
  void loseAndDoubleNothingOverTheKillOfTheNode() {
    TestDatabase database = Shared.postgres().database();
    try (Node node = Node.start(NodeSpec.serve(database))) {
      RunWriter writerOfRows = new RunWriter(database, node.api().environment());
      String run = writerOfRows.insert(run().at("EXECUTING"));
      try (ClientProgram reader = client(node, "read", run, "s");
          ClientProgram writer = client(node, "pipe", run, "s", "300", "20")) {
        reader.await("chunk", chunk -> chunk.path("n").asInt() >= 50);
        node.kill();
        node.startAgain();
        writer.awaitEnd();
        node.api().move(run, Map.of("status", "COMPLETED", "output", "done"));
        reader.await("end");

        assertThat(numbersOf(reader.told("chunk"))).isEqualTo(numbers(300));
      }
    }
  }
}
