package dev.runcast.it.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What runs say in tests: numbers from 0 on, so that what is missing or doubled shows. */
public record Speech(Api api) {

  /** Says these numbers, one chunk each, and waits until they are stored. */
  public void say(String run, String stream, int from, int to) {
    String lines = String.join("", IntStream.range(from, to).mapToObj(n -> n + "\n").toList());
    Answer answer =
        api.send("POST", "/realtime/v1/streams/" + run + "/self/" + stream, lines, Map.of());
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  /** Waits until a client holds this many, and checks that they are the first. */
  public static void await(SseProbe probe, String run, String stream, int count) {
    probe.await(
        count + " chunks of " + run + " " + stream,
        known -> known.chunks().of(run, stream).size() == count);
    requireFirst(count, probe.ask(known -> known.chunks().of(run, stream)));
  }

  /** The same of a subscription of a socket. */
  public static void await(SocketProbe probe, String name, String run, String stream, int count) {
    probe.await(
        name,
        count + " chunks of " + run + " " + stream,
        known -> known.chunks().of(run, stream).size() == count);
  }

  private static void requireFirst(int count, List<JsonNode> held) {
    assertThat(held)
        .extracting(JsonNode::asInt)
        .isEqualTo(IntStream.range(0, count).boxed().toList());
  }
}
