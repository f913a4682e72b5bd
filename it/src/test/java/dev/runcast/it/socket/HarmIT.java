package dev.runcast.it.socket;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SocketProbe;
import dev.runcast.it.harness.TestDatabase;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Clients of the socket that mean no good, at a service whose heap is far smaller than what they
 * send: it lives, and another socket goes on.
 */
class HarmIT {
  private static final int MIB = 1 << 20;
  private static TestDatabase database;
  private static Node node;
  private static RunWriter sql;

  private final String tag = name("bystander");
  private String id;
  private SocketProbe bystander;

  @BeforeAll
  static void start() {
    database = Shared.postgres().database();
    node =
        Node.start(
            NodeSpec.serve(database)
                .with("--ring-bytes", "1MiB", "--outbox-bytes", "64KiB", "--ping-every", "5s")
                .withHeap("64m"));
    sql = new RunWriter(database, node.api().environment());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void follow() {
    id = sql.insert(run().tagged(tag));
    bystander = SocketProbe.open(node).follow("mine", "/realtime/v1/runs?tags=" + tag);
    bystander.awaitLive("mine");
  }

  /** Whatever was done: the other socket is still the same, and hears what happens. */
  @AfterEach
  void theOtherSocketGoesOn() {
    assertThat(node.isAlive()).as(node::log).isTrue();
    sql.update(id, "status = 'COMPLETED_SUCCESSFULLY'");
    bystander.await("mine", "the end", known -> known.completed().contains(id));
    bystander.follow("another", "/realtime/v1/runs/" + id).awaitLive("another").close();
    Await.until("all places to be given back", () -> subscriptions() == 0);
  }

  @Test
  void whatIsNoFrameIsHungUpOn() throws IOException {
    Map<String, byte[]> frames = new TreeMap<>();
    frames.put("an opcode that is kept for later", bytes(0x83, 0x80, 0, 0, 0, 0));
    frames.put("an extension that was not agreed on", bytes(0xc1, 0x80, 0, 0, 0, 0));
    frames.put("no mask", bytes(0x81, 0x02, '{', '}'));
    frames.put("a ping that is too long", bytes(0x89, 0xfe, 0, 126, 0, 0, 0, 0));
    frames.put("a ping in parts", bytes(0x09, 0x80, 0, 0, 0, 0));
    frames.put("the rest of nothing", bytes(0x80, 0x80, 0, 0, 0, 0));
    frames.put(
        "a beginning in the midst of a message",
        bytes(0x01, 0x80, 0, 0, 0, 0, 0x01, 0x80, 0, 0, 0, 0));
    for (Map.Entry<String, byte[]> frame : frames.entrySet()) {
      try (RawSocket socket = new RawSocket(node, 0)) {
        assertThat(socket.raw(frame.getValue()).closed())
            .as(frame.getKey())
            .matches("100[27] .*|broken");
      }
    }
  }

  @Test
  void textThatIsNoUtf8IsNoCommand() throws IOException {
    try (RawSocket socket = new RawSocket(node, 0)) {
      socket.raw(bytes(0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28));

      assertThat(socket.next().path("data").path("param").asText()).isEqualTo("message");
    }
  }

  @Test
  void bytesAreHungUpOn() throws IOException {
    for (int i = 0; i < 50; i++) {
      try (RawSocket socket = new RawSocket(node, 0)) {
        socket.subscribe("s", "/realtime/v1/runs?tags=" + tag);
        assertThat(socket.frame(RawSocket.BYTES, new byte[60_000]).closed()).startsWith("1003 ");
      }
    }
  }

  @Test
  void tenMegabytesAreHungUpOnInOnePieceAndInMany() throws IOException {
    byte[] piece = "x".repeat(60_000).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 20; i++) {
      try (RawSocket whole = new RawSocket(node, 0);
          RawSocket parts = new RawSocket(node, 0)) {
        sendUntilRefused(
            () -> {
              whole.begin(RawSocket.TEXT, 10 * MIB);
              for (int sent = 0; sent < 10 * MIB; sent += piece.length) {
                whole.raw(piece);
              }
            });
        sendUntilRefused(
            () -> {
              parts.frame(0x01, piece);
              for (int sent = 0; sent < 10 * MIB; sent += piece.length) {
                parts.frame(0x00, piece);
              }
            });
        assertThat(List.of(whole.closed(), parts.closed()))
            .allSatisfy(how -> assertThat(how).matches("1009 .*|broken"));
      }
    }
  }

  @Test
  void halfAFrameKeepsNobodyWaitingAndIsGivenUpOn() throws IOException {
    List<RawSocket> halves = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      RawSocket half = new RawSocket(node, 0).subscribe("s", "/realtime/v1/runs?tags=" + tag);
      halves.add(half.begin(RawSocket.TEXT, 60_000).raw(new byte[50_000]));
    }
    theOtherSocketHears("EXECUTING");

    for (RawSocket half : halves) {
      assertThat(half.closed()).matches("4002 silent|broken");
      half.close();
    }
  }

  @Test
  void ofTenThousandSubscriptionsAtOnceAThousandAreServedAndEachIsAnswered() throws Exception {
    int asked = 10_000;
    try (RawSocket socket = new RawSocket(node, 0)) {
      Thread writer =
          new Thread(
              () ->
                  sendUntilRefused(
                      () -> {
                        for (int i = 0; i < asked; i++) {
                          socket.subscribe("s" + i, "/realtime/v1/runs?after=now&tags=" + tag + i);
                        }
                      }));
      writer.start();
      Map<String, Integer> answers = new TreeMap<>();
      for (int i = 0; i < asked; i++) {
        JsonNode answer = socket.next();
        String how = answer.path("event").asText() + answer.path("data").path("status").asText();
        answers.merge(how, 1, Integer::sum);
      }
      writer.join();

      assertThat(answers)
          .containsExactlyInAnyOrderEntriesOf(Map.of("live", 1_000, "error429", 9_000));
      Await.until("no more than those to be counted", () -> subscriptions() == 1_001);
      theOtherSocketHears("EXECUTING");
    }
  }

  @Test
  void whoNeverReadsIsKeptNothingFor() throws Exception {
    String heavy = name("heavy");
    for (int i = 0; i < 50; i++) {
      sql.insert(run().tagged(heavy));
    }
    Thread flooding;
    try (RawSocket feed = new RawSocket(node, 8_192);
        RawSocket flood = new RawSocket(node, 8_192)) {
      feed.subscribe("s", "/realtime/v1/runs?tags=" + heavy);
      assertThat(feed.next().path("event").asText()).isEqualTo("snapshot");
      flooding = new Thread(() -> sendUntilRefused(() -> unsubscribe(flood)));
      flooding.start();
      for (int round = 0; round < 40; round++) {
        sql.transact(
            transaction ->
                transaction.execute(
                    "update run set payload = to_json(repeat('x', 65536))::text"
                        + " where tags @> array[?::text]",
                    heavy));
      }
      theOtherSocketHears("EXECUTING");
    }
    flooding.join();
  }

  /** 100 MiB of commands that are answered, each, with more than they say. */
  private static void unsubscribe(RawSocket socket) throws IOException {
    String command = "{\"type\":\"unsubscribe\",\"subscription\":\"" + "n".repeat(128) + "\"}";
    for (int sent = 0; sent < 100 * MIB; sent += command.length()) {
      socket.text(command);
    }
  }

  private void theOtherSocketHears(String status) {
    sql.update(id, "status = ?", status);
    bystander.await("mine", status, known -> known.get(id).status().equals(status));
  }

  /** What may be broken off by the other side, or by the end of a test. */
  private interface Sending {
    void send() throws IOException;
  }

  private static void sendUntilRefused(Sending sending) {
    try {
      sending.send();
    } catch (SocketException refused) {
      return;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static int subscriptions() {
    return node.management("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("runcast_subscriptions "))
        .mapToInt(line -> (int) Double.parseDouble(line.split(" ", -1)[1]))
        .findFirst()
        .orElseThrow();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
