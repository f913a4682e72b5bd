package dev.runcast.it.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.browser.HooksPage.Sockets;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Our React hooks when the network breaks, and when the node dies. */
class OurHooksNetworkIT {
  private static final TestDatabase database = Shared.postgres().database();
  private static Node node;

  @RegisterExtension static final HooksPage page = HooksPage.ofOurs(() -> node);

  @BeforeAll
  static void start() {
    node = Node.start(NodeSpec.serve(database));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void nothingIsMissedWhenTheNetworkIsCutAgainAndAgain() {
    String added = follow().isSeenThoughTheNetworkIsCutAgainAndAgain();

    page.await("probes.all.now.connection === 'live'");
    assertThat(page.read("probes.all.now.runs[1].id")).isEqualTo(added);
    assertThat(page.sockets().open()).isEqualTo(1);
  }

  @Test
  void theySayThatTheyAreOldWhileTheNodeIsDeadAndGoOnWithNothingLost() {
    FollowedTwice run = follow();
    page.await("probes.one.now.connection === 'live' && probes.all.now.connection === 'live'");

    node.kill();
    page.await("probes.one.now.connection === 'stale' && probes.all.now.connection === 'stale'");
    assertThat(page.read("probes.one.now.run.status")).isEqualTo("QUEUED");
    run.progress(1);
    String added = run.add();
    node.startAgain();
    page.await("probes.one.now.connection === 'live' && probes.all.now.connection === 'live'");

    assertThat(page.read("probes.one.now.run.metadata?.progress")).isEqualTo(1);
    assertThat(page.read("probes.all.now.runs.map(({ id }) => id).join()"))
        .isEqualTo(run.id() + "," + added);
    assertThat(page.read("probes.one.now.error === undefined")).isEqualTo(true);
  }

  @Test
  void aBrowserWithoutSocketsFollowsByEvents() {
    page.read("void delete window.WebSocket");
    follow().beginsAndEndsBehindACut();

    assertThat(page.sockets()).isEqualTo(new Sockets(0, 0));
    assertThat(page.requests()).noneMatch(path -> path.contains("offset="));
  }

  @Test
  void aProxyThatRefusesSocketsIsFoundOutAndEventsAreTaken() {
    try (Middlebox proxy = Middlebox.withoutSockets(page.relay().url())) {
      page.reachServiceAt(proxy.url());
      follow().beginsAndEndsBehindACut();

      assertThat(page.sockets().open()).isZero();
      assertThat(wayThrough(proxy)).isEqualTo("events");
      assertThat(page.requests()).noneMatch(path -> path.contains("offset="));
    }
  }

  @Test
  void aProxyThatKeepsEventsBackIsFoundOutAndTurnsAreTaken() {
    try (Middlebox proxy = Middlebox.thatBuffers(page.relay().url())) {
      page.reachServiceAt(proxy.url());
      FollowedTwice run = follow();
      String log = "/realtime/v1/streams/" + run.id() + "/self/log/append";
      node.api().send("POST", log, "said", Map.of()).expect(200);
      page.mount("log", "useRealtimeStream", run.token(), run.id(), "log");
      run.beginsAndEndsBehindACut();

      assertThat(page.sockets().open()).isZero();
      assertThat(wayThrough(proxy)).isEqualTo("poll");
      assertThat(page.requests())
          .anyMatch(path -> path.contains("offset=") && path.contains("live=true"));
      page.await("probes.log.now.parts.join() === 'said'");
    }
  }

  /** Which way the page has found, as it remembers it. */
  private static Object wayThrough(Middlebox proxy) {
    return page.read("sessionStorage.getItem('runcast.way " + proxy.url() + "')");
  }

  private static FollowedTwice follow() {
    return new FollowedTwice(page, database, node);
  }
}
