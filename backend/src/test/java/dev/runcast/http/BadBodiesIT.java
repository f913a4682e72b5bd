package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import dev.runcast.http.Sample.Body;
import dev.runcast.http.Sample.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every route that takes a body, by bodies that are no good as a whole. */
class BadBodiesIT {
  private static final int DEEP = 10_000;

  @RegisterExtension static final TableServer SERVER = new TableServer();

  static Stream<Sample> withBody() {
    return RouteTable.SAMPLES.stream().filter(Sample::hasBody);
  }

  static Stream<Sample> json() {
    return withBody().filter(sample -> sample.contents().kind() != Kind.BYTES);
  }

  /** Bodies that no JSON is to be had from, each under what it is. */
  private static Map<String, byte[]> broken() {
    Map<String, byte[]> broken = new LinkedHashMap<>();
    broken.put("a brace", bytes("{"));
    broken.put("half a member", bytes("{\"payload\":"));
    broken.put("half a string", bytes("{\"payload\":\"te"));
    broken.put("text", bytes("not json"));
    broken.put("more than one value", bytes("{\"a\":1} x"));
    broken.put("a NUL", bytes("\0"));
    broken.put("a NUL in a string", bytes("{\"a\":\"\0\"}"));
    broken.put("no UTF-8", new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xC3, '"', '}'});
    broken.put("markup", bytes("<a/>"));
    return broken;
  }

  /** Values that are JSON and no object. */
  private static Map<String, byte[]> others() {
    Map<String, byte[]> others = new LinkedHashMap<>();
    for (String value : new String[] {"[]", "[{}]", "1", "null", "true", "\"text\""}) {
      others.put(value, bytes(value));
    }
    return others;
  }

  private static Map<String, byte[]> deep() {
    Map<String, byte[]> deep = new LinkedHashMap<>();
    deep.put("deep arrays", bytes("[".repeat(DEEP) + "]".repeat(DEEP)));
    String objects = "{\"a\":".repeat(DEEP) + "1" + "}".repeat(DEEP);
    deep.put("deep objects", bytes(objects));
    for (String member :
        new String[] {"payload", "data", "metadata", "options", "items", "scopes"}) {
      deep.put("a deep " + member, bytes("{\"" + member + "\":" + objects + "}"));
    }
    return deep;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Reply send(Sample sample, byte[] body) {
    return SERVER.call(sample, WholeServer.SECRET, BodyPublishers.ofByteArray(body));
  }

  @ParameterizedTest
  @MethodSource("json")
  void whatIsNotJsonIsRefused(Sample sample) {
    String before = SERVER.state();

    broken().forEach((what, body) -> refused(sample, what, body, 400));
    if (sample.contents().kind() != Kind.JSON) {
      others().forEach((what, body) -> refused(sample, what, body, 400));
    }
    deep().forEach((what, body) -> refused(sample, what, body, 400, 422));
    if (sample.contents().need() == Body.REQUIRED && sample.contents().kind() == Kind.OBJECT) {
      refused(sample, "nothing", new byte[0], 400);
      refused(sample, "blanks", bytes("  \n"), 400);
    }

    assertThat(SERVER.state()).isEqualTo(before);
  }

  private static void refused(Sample sample, String what, byte[] body, Integer... statuses) {
    Refusals.refused(sample + ": " + what, send(sample, body), statuses);
  }

  /** The items of a batch may be as many as come; each of them is held to a size of its own. */
  @ParameterizedTest
  @MethodSource("withBody")
  void whatIsTooLargeIsRefused(Sample sample) {
    String before = SERVER.state();
    int size = sample.contents().kind() == Kind.LINES ? 8 << 20 : WholeServer.MAX_BODY + 1;

    refused(sample, "a large body", bytes("{\"a\":\"" + "x".repeat(size) + "\"}"), 413);

    assertThat(SERVER.state()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("withBody")
  void formsAreRefused(Sample sample) {
    String before = SERVER.state();

    for (String type :
        new String[] {"application/x-www-form-urlencoded", "multipart/form-data; boundary=b"}) {
      Refusals.refused(sample + " as a form", send(sample.typed(type), bytes("a=b")), 415);
    }

    assertThat(SERVER.state()).isEqualTo(before);
  }

  /** A half-closed connection has had its last byte; what comes of it has come when it ends. */
  @ParameterizedTest
  @MethodSource("withBody")
  void whatBreaksOffLeavesNothing(Sample sample) throws IOException {
    String before = SERVER.state();
    String body = sample.contents().text();

    breakOff(sample, "content-length: " + (body.length() + 10) + "\r\n\r\n" + body);
    breakOff(
        sample,
        "transfer-encoding: chunked\r\n\r\n"
            + Integer.toHexString(body.length() + 10)
            + "\r\n"
            + body.trim());
    breakOff(sample, "transfer-encoding: chunked\r\n\r\nno-number\r\n" + body);

    assertThat(SERVER.state()).isEqualTo(before);
    assertThat(SERVER.call(RouteTable.SAMPLES.get(0), WholeServer.SECRET).status()).isEqualTo(200);
  }

  private static void breakOff(Sample sample, String rest) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), SERVER.port())) {
      socket.setSoTimeout(60_000);
      String head =
          "%s %s HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\ncontent-type: %s\r\n"
              .formatted(
                  sample.method(), sample.path(), WholeServer.SECRET, sample.contents().type());
      socket.getOutputStream().write(bytes(head + rest));
      socket.getOutputStream().flush();
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).as(sample.toString()).doesNotContain("HTTP/1.1 2", "HTTP/1.1 5");
    }
  }
}
