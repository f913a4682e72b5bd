package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.browser.HooksPage.Sockets;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import dev.runcast.it.harness.TestTokens;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Our React hooks when the network breaks, and when the node dies. */
class OurHooksNetworkIT {
  private static final String DONE = "status = 'COMPLETED_SUCCESSFULLY', completed_at = now()";

  private static final TestDatabase database = Shared.postgres().database();
  private static Node node;

  @RegisterExtension static final HooksPage page = HooksPage.ofOurs(() -> node);

  private final RunWriter sql = new RunWriter(database, node.api().environment());
  private final String tag = name("seen");
  private final String token =
      new TestTokens(sql.environment(), node.secretKey()).granting("read:tags:" + tag);

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
    String id = follow();
    for (int i = 1; i <= 4; i++) {
      page.relay().cut();
      sql.update(id, progress(i));
      page.await("probes.one.now.run.metadata?.progress === " + i);
      page.await("probes.all.now.runs[0].metadata?.progress === " + i);
    }
    String added = sql.insert(run().tagged(tag));
    page.relay().cut();
    sql.update(id, DONE);

    page.await("probes.one.now.run.status === 'COMPLETED'");
    page.await("probes.all.now.runs.map((run) => run.status).join() === 'COMPLETED,QUEUED'");
    page.await("probes.all.now.connection === 'live'");
    assertThat(page.read("probes.all.now.runs[1].id")).isEqualTo(added);
    assertThat(page.sockets().open()).isEqualTo(1);
  }

  @Test
  void theySayThatTheyAreOldWhileTheNodeIsDeadAndGoOnWithNothingLost() {
    String id = follow();
    page.await("probes.one.now.connection === 'live' && probes.all.now.connection === 'live'");

    node.kill();
    page.await("probes.one.now.connection === 'stale' && probes.all.now.connection === 'stale'");
    assertThat(page.read("probes.one.now.run.status")).isEqualTo("QUEUED");
    sql.update(id, progress(1));
    String added = sql.insert(run().tagged(tag));
    node.startAgain();
    page.await("probes.one.now.connection === 'live' && probes.all.now.connection === 'live'");

    assertThat(page.read("probes.one.now.run.metadata?.progress")).isEqualTo(1);
    assertThat(page.read("probes.all.now.runs.map(({ id }) => id).join()"))
        .isEqualTo(id + "," + added);
    assertThat(page.read("probes.one.now.error === undefined")).isEqualTo(true);
  }

  @Test
  void aBrowserWithoutSocketsFollowsByEvents() {
    page.read("void delete window.WebSocket");
    String id = follow();
    sql.update(id, "status = 'EXECUTING'");
    page.await("probes.one.now.run.status === 'EXECUTING'");
    page.relay().cut();
    sql.update(id, DONE);

    page.await("probes.one.now.run.status === 'COMPLETED'");
    page.await("probes.all.now.runs[0].status === 'COMPLETED'");
    assertThat(page.sockets()).isEqualTo(new Sockets(0, 0));
    assertThat(page.requests()).noneMatch(path -> path.contains("offset="));
  }

  @Test
  void aProxyThatRefusesSocketsIsFoundOutAndEventsAreTaken() {
    try (Middlebox proxy = Middlebox.withoutSockets(page.relay().url())) {
      page.reachServiceAt(proxy.url());
      String id = follow();
      sql.update(id, "status = 'EXECUTING'");
      page.await("probes.one.now.run.status === 'EXECUTING'");
      page.relay().cut();
      sql.update(id, DONE);

      page.await("probes.one.now.run.status === 'COMPLETED'");
      page.await("probes.all.now.runs[0].status === 'COMPLETED'");
      assertThat(page.sockets().open()).isZero();
      assertThat(wayThrough(proxy)).isEqualTo("events");
      assertThat(page.requests()).noneMatch(path -> path.contains("offset="));
    }
  }

  @Test
  void aProxyThatKeepsEventsBackIsFoundOutAndTurnsAreTaken() {
    try (Middlebox proxy = Middlebox.thatBuffers(page.relay().url())) {
      page.reachServiceAt(proxy.url());
      String id = follow();
      String log = "/realtime/v1/streams/" + id + "/self/log/append";
      node.api().send("POST", log, "said", Map.of()).expect(200);
      page.mount("log", "useRealtimeStream", token, id, "log");
      sql.update(id, "status = 'EXECUTING'");
      page.await("probes.one.now.run.status === 'EXECUTING'");
      page.relay().cut();
      sql.update(id, DONE);

      page.await("probes.one.now.run.status === 'COMPLETED'");
      page.await("probes.all.now.runs[0].status === 'COMPLETED'");
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

  /** A run that is followed by itself and by its tag. */
  private String follow() {
    String id = sql.insert(run().tagged(tag));
    page.mount("one", "useRealtimeRun", token, id);
    page.mount("all", "useRealtimeRunsWithTag", token, tag);
    page.await("probes.one.now?.run && probes.all.now?.runs?.length === 1");
    return id;
  }

  private static String progress(int value) {
    return "metadata = '{\"progress\":" + value + "}', metadata_type = 'application/json'";
  }
}
