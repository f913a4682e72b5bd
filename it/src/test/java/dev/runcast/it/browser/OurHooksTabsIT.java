package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Our React hooks in several tabs of one browser. */
class OurHooksTabsIT {
  @RegisterExtension static final HooksPage page = HooksPage.ofOurs(Shared::node);

  private final Api api = Shared.api();
  private final RunWriter sql = Shared.sql();

  @AfterEach
  void nothingWasThrown() {
    assertThat(page.errors()).isEmpty();
  }

  @Test
  void tabsShareOneConnectionEachWithItsOwnToken() {
    String mine = sql.insert(run());
    String yours = sql.insert(run());
    HooksTab first = page.openTab();
    first.mount("one", "useRealtimeRun", reading(mine), mine);
    first.await("probes.one.now?.connection === 'live'");
    page.mount("one", "useRealtimeRun", reading(yours), yours);
    page.mount("barred", "useRealtimeRun", reading(yours), mine);
    page.await("probes.one.now?.connection === 'live' && probes.barred.now?.error");
    sql.update(mine, "status = 'EXECUTING'");
    sql.update(yours, "status = 'EXECUTING'");
    first.await("probes.one.now.run.status === 'EXECUTING'");
    page.await("probes.one.now.run.status === 'EXECUTING'");

    assertThat(page.read("probes.barred.now.error.status")).isEqualTo(403);
    assertThat(page.relay().webSockets()).isEqualTo(1);
    assertThat(page.sockets().opened()).as("of the tab that follows").isZero();
    first.close();
  }

  @Test
  void theNextTabGoesOnWhereTheOneThatLedWasClosed() {
    String id = sql.insert(run());
    HooksTab first = page.openTab();
    first.mount("log", "useRealtimeStream", reading(id), id, "log");
    first.await("probes.log.now !== undefined");
    say(id, 0, 10);
    first.await("probes.log.now.parts.length === 10");
    page.mount("log", "useRealtimeStream", reading(id), id, "log");
    page.mount("run", "useRealtimeRun", reading(id), id);
    page.await("probes.log.now?.parts?.length === 10 && probes.run.now?.run");
    HooksTab third = page.openTab();
    third.mount("run", "useRealtimeRun", reading(id), id);
    third.await("probes.run.now?.connection === 'live'");
    assertThat(page.relay().webSockets()).isEqualTo(1);

    first.close();
    say(id, 10, 20);
    sql.update(id, "status = 'EXECUTING'");
    say(id, 20, 30);
    page.await("probes.log.now.parts.length >= 30 && probes.run.now.run.status === 'EXECUTING'");
    third.await("probes.run.now.run.status === 'EXECUTING'");

    assertThat(page.read("probes.log.now.parts.join()"))
        .as("no gap, and nothing twice")
        .isEqualTo(
            IntStream.range(0, 30).mapToObj(String::valueOf).collect(Collectors.joining(",")));
    page.await("probes.run.now.connection === 'live'");
    third.await("probes.run.now.connection === 'live'");
    page.awaitHere(() -> page.relay().webSockets() == 1);
    third.close();
  }

  @Test
  void whatATabFollowedIsLetGoOfWhenItIsClosed() {
    String id = sql.insert(run());
    page.mount("run", "useRealtimeRun", reading(id), id);
    page.await("probes.run.now?.connection === 'live'");
    HooksTab second = page.openTab();
    second.mount("run", "useRealtimeRun", reading(id), id, Map.of("stopOnCompletion", false));
    second.await("probes.run.now?.connection === 'live'");
    page.read("probes.run.unmount()");
    sql.update(id, "status = 'EXECUTING'");
    second.await("probes.run.now.run.status === 'EXECUTING'");
    assertThat(page.relay().webSockets()).isEqualTo(1);

    second.close();
    page.awaitHere(() -> page.relay().webSockets() == 0);
  }

  private void say(String run, int from, int to) {
    String lines =
        IntStream.range(from, to).mapToObj(line -> line + "\n").collect(Collectors.joining());
    api.send("POST", "/realtime/v1/streams/" + run + "/self/log", lines, Map.of()).expect(200);
  }

  private static String reading(String run) {
    return Shared.tokens().granting("read:runs:" + run);
  }
}
