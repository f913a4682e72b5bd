package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Answer;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.RawHttp;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who speaks no proper HTTP, or only half of it, harms nobody else. */
class HalfRequestIT {
  private final String tag = name("bystander");
  private String id;
  private SseProbe bystander;

  @BeforeEach
  void follow() {
    id = Shared.sql().insert(run().tagged(tag));
    bystander = Shared.node().follow("/realtime/v1/runs?tags=" + tag).awaitLive();
  }

  /** Whatever was done: requests are answered, and feeds go on. */
  @AfterEach
  void othersGoOn() {
    Shared.api().get("/api/v3/runs/" + id).expect(200);
    Shared.sql().update(id, "status = 'COMPLETED_SUCCESSFULLY'");
    bystander.awaitStatus(id, "COMPLETED");
    assertThat(bystander.isConnected()).isTrue();
    bystander.close();
  }

  @Test
  void halfARequestKeepsNobodyWaiting() throws IOException {
    List<RawHttp> halves = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      halves.add(open().send("GET /api/v1/runs HTTP/1.1\r\nhost: 127.0.0.1\r\nauthoriz"));
    }
    Shared.api().get("/api/v1/runs").expect(200);
    for (RawHttp half : halves) {
      half.close();
    }
  }

  @Test
  void aBodyThatBreaksOffMakesNoRun() throws IOException {
    String task = name("it-half");
    try (RawHttp half = trigger(task, 1000)) {
      half.send("{\"payload\":{\"half\":").sendNoMore();
      half.awaitHangUp();
    }
    try (RawHttp reset = trigger(task, 1000)) {
      reset.send("{\"payload\":1}").cut();
    }
    try (RawHttp whole = trigger(task, 13)) {
      assertThat(whole.send("{\"payload\":1}").answer().status()).isEqualTo(200);
    }
    assertThat(Shared.sql().rows("task_identifier = ?", task)).hasSize(1);
  }

  @Test
  void garbageIsRefusedOrHungUpOn() throws IOException {
    byte[] noise = new byte[4096];
    for (int seed = 0; seed < 20; seed++) {
      new Random(seed).nextBytes(noise);
      try (RawHttp garbage = open().send(noise).sendNoMore()) {
        garbage.awaitHangUp();
      }
    }
    try (RawHttp nonsense = open().send("HELO example.com\r\n\r\n")) {
      assertRefused(nonsense.answer());
      nonsense.awaitHangUp();
    }
  }

  @Test
  void hugeHeadersAreRefusedOrHungUpOn() throws IOException {
    String huge = "x".repeat(200_000);
    assertRefusedOrHungUpOn("GET / HTTP/1.1\r\nhost: a\r\nx-huge: " + huge + "\r\n\r\n");
    assertRefusedOrHungUpOn("GET /" + huge + " HTTP/1.1\r\nhost: a\r\n\r\n");
  }

  /** Who hangs up on bytes that are still coming may break off its own answer to them. */
  private static void assertRefusedOrHungUpOn(String request) throws IOException {
    try (RawHttp connection = open()) {
      assertRefused(connection.send(request).answer());
    } catch (SocketException | EOFException hungUp) {
      assertThat(hungUp).isNotInstanceOf(ConnectException.class);
    }
  }

  @Test
  void connectionsThatAreResetLeaveNothingBehind() throws IOException {
    Await.until("the bystander to be alone", () -> subscriptions() == 1);
    for (int i = 0; i < 30; i++) {
      try (RawHttp feed = open()) {
        feed.send(
            "GET /realtime/v1/runs?tags="
                + tag
                + " HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n"
                + "authorization: Bearer "
                + Shared.node().secretKey()
                + "\r\n\r\n");
        if (i % 2 == 0) {
          assertThat(feed.head().status()).isEqualTo(200);
        }
        feed.cut();
      }
    }
    Await.until("all to be gone", () -> subscriptions() == 1);
  }

  private static int subscriptions() {
    return Shared.node()
        .management("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("runcast_subscriptions "))
        .mapToInt(line -> (int) Double.parseDouble(line.split(" ", -1)[1]))
        .findFirst()
        .orElseThrow();
  }

  private static void assertRefused(Answer answer) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).contains("HTTP");
  }

  private static RawHttp trigger(String task, int length) throws IOException {
    return open()
        .send(
            "POST /api/v1/tasks/"
                + task
                + "/trigger HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
                + "authorization: Bearer "
                + Shared.node().secretKey()
                + "\r\ncontent-length: "
                + length
                + "\r\n\r\n");
  }

  private static RawHttp open() throws IOException {
    return new RawHttp(Shared.node().port(), 0);
  }
}
