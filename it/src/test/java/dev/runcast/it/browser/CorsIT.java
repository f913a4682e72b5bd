package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A page of another origin follows its runs, with nothing but what a browser brings. */
class CorsIT {
  private static Relay relay;
  private static OtherOrigin origin;
  private static Chromium chromium;

  private final RunWriter sql = Shared.sql();
  private final String tag = name("seen");
  private final String token = Shared.tokens().granting("read:tags:" + tag);

  @BeforeAll
  static void start() {
    relay = Relay.to(Shared.node().port());
    origin = OtherOrigin.start();
    chromium = Chromium.start();
  }

  @AfterAll
  static void stop() throws Exception {
    chromium.close();
    origin.close();
    relay.close();
  }

  @BeforeEach
  void open() {
    chromium.page().navigate(origin.url());
  }

  @Test
  void anEventSourceSeesLiveRowsAndResumesByItself() {
    String id = sql.insert(run().tagged(tag));
    chromium.page().evaluate("follow", feed() + "&access_token=" + token);
    chromium.await("seen.live === 1");
    chromium.await("rows['" + id + "'].status === 'QUEUED'");
    sql.update(id, "status = 'EXECUTING'");
    chromium.await("rows['" + id + "'].status === 'EXECUTING'");

    relay.cut();
    sql.update(id, "status = 'COMPLETED_SUCCESSFULLY', output = '\"done\"'");
    String added = sql.insert(run().tagged(tag));

    chromium.await("rows['" + id + "'].status === 'COMPLETED'");
    chromium.await("rows['" + added + "']?.status === 'QUEUED' && seen.live >= 2");
    assertThat(chromium.page().evaluate("rows['" + id + "'].output")).isEqualTo("done");
    assertThat(chromium.page().evaluate("seen.opened > 1")).isEqualTo(true);
    assertThat(chromium.page().evaluate("seen.ids.every((id) => id !== '')")).isEqualTo(true);
  }

  @Test
  void aSocketCarriesManyFeeds() {
    String first = sql.insert(run().tagged(tag));
    String second = sql.insert(run().tagged(tag));
    chromium
        .page()
        .evaluate(
            """
            ([url, token, feeds]) => {
              window.told = [];
              window.socket = new WebSocket(url, 'runcast.v1');
              socket.onmessage = (message) => told.push(JSON.parse(message.data));
              socket.onopen = () => feeds.forEach((feed) => socket.send(
                JSON.stringify({ type: 'subscribe', subscription: feed, feed, token })));
            }
            """,
            List.of(
                relay.url().replace("http:", "ws:") + "/realtime/v1/socket",
                token,
                List.of(feedOf(first), feedOf(second))));
    chromium.await("told.filter((each) => each.event === 'live').length === 2");

    sql.update(second, "status = 'EXECUTING'");

    chromium.await("told.some((each) => each.event === 'run')");
    assertThat(chromium.page().evaluate("socket.protocol")).isEqualTo("runcast.v1");
    assertThat(chromium.page().evaluate("told.find((each) => each.event === 'run').subscription"))
        .isEqualTo(feedOf(second));
  }

  private static String feedOf(String run) {
    return "/realtime/v1/runs/" + run;
  }

  @Test
  void aFetchReadsRowsAndTheCursorToFollowFrom() {
    String id = sql.insert(run().tagged(tag));
    Map<?, ?> answer = ask(relay.url() + "/api/v3/runs/" + id, token, Map.of());
    assertThat(answer.get("status")).isEqualTo(200);
    String cursor = (String) answer.get("cursor");
    assertThat(cursor).isNotEmpty();
    sql.update(id, "status = 'EXECUTING'");

    chromium.page().evaluate("follow", feed() + "&after=" + cursor + "&access_token=" + token);

    chromium.await("rows['" + id + "']?.status === 'EXECUTING'");
  }

  @Test
  void aFetchWithTheTokenInItsHeaderReadsTheStream() {
    String id = sql.insert(run().tagged(tag));

    Object text =
        chromium.page().evaluate("([url, token]) => read(url, token)", List.of(feed(), token));

    assertThat((String) text).contains("event: snapshot").contains(id);
  }

  @Test
  void aFetchTriggersAndReadsTheTokenOfItsRun() {
    String trigger = Shared.tokens().granting("trigger:tasks:it-cors");
    Map<?, ?> init =
        Map.of(
            "method", "POST",
            "headers", Map.of("Content-Type", "application/json"),
            "body", "{\"payload\":1}");

    Map<?, ?> answer = ask(relay.url() + "/api/v1/tasks/it-cors/trigger", trigger, init);

    assertThat(answer.get("status")).isEqualTo(200);
    assertThat((String) answer.get("jwt")).isNotEmpty();
  }

  @Test
  void aRefusalCanBeReadToo() {
    Map<?, ?> answer = ask(relay.url() + "/api/v1/runs", "nonsense", Map.of());

    assertThat(answer.get("status")).isEqualTo(401);
    assertThat(answer.get("body").toString()).contains("error");
  }

  private static Map<?, ?> ask(String url, String token, Map<?, ?> init) {
    return (Map<?, ?>)
        chromium
            .page()
            .evaluate("([url, token, init]) => ask(url, token, init)", List.of(url, token, init));
  }

  private String feed() {
    return relay.url() + "/realtime/v1/runs?tags=" + tag;
  }
}
