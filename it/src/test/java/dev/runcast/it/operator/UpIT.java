package dev.runcast.it.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Command;
import dev.runcast.it.harness.EmbeddedDatabase;
import dev.runcast.it.harness.FreePort;
import dev.runcast.it.harness.SseProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./runcast up}, from its first line to Ctrl-C, and the commands beside it. */
class UpIT {
  private static final Pattern CURL =
      Pattern.compile(
          "curl -N -H 'Authorization: Bearer (\\S+)' .* http://127.0.0.1:(\\d+)(/\\S+)");

  @TempDir private Path directory;
  private final int port = FreePort.next();
  private final int managementPort = FreePort.next();

  @Test
  void startsEverythingPrintsHowToWatchAndStopsEverything() throws Exception {
    Launcher launcher = Launcher.install();
    EmbeddedDatabase embedded = new EmbeddedDatabase(directory.resolve("data"));
    Path output = directory.resolve("up.log");
    Process up = up(launcher, output);
    int signal;
    try {
      Matcher line = awaitCurl(up, output);
      assertThat(Files.readString(output))
          .contains("Dashboard", "Secret key", "Personal token  tr_pat_")
          .contains("whoever reaches this machine reaches the service");
      String key = line.group(1);
      Api api = new Api("http://127.0.0.1:" + line.group(2), key);
      try (SseProbe probe = new SseProbe(target(line.group(3), key)).connect().awaitLive()) {
        String id = api.trigger("it-task", Map.of("tags", List.of("user:1")));
        probe.awaitStatus(id, "QUEUED");
        assertTokenReads(launcher, id);
        assertTenantsCanBeMade(launcher);
        assertABranchHasAKeyOfItsOwnAndGoes(launcher, personalToken(output));

        signal = interrupt(up);
        assertThat(up.waitFor(Await.BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
        probe.awaitDisconnected();
      }
      assertThat(up.exitValue()).as("ended by Ctrl-C").isEqualTo(128 + signal);
      assertThat(embedded.postmaster()).as("the database").isEmpty();

      // What it printed the first time is good at the next.
      Path again = directory.resolve("again.log");
      up = up(launcher, again);
      assertThat(awaitCurl(up, again).group(1)).isEqualTo(key);
      assertThat(Files.readString(again)).doesNotContain("building");
    } finally {
      up.destroy();
      up.waitFor(Await.BOUND.toSeconds(), TimeUnit.SECONDS);
      up.destroyForcibly();
      embedded.endOrphan();
    }
  }

  private Process up(Launcher launcher, Path output) throws IOException {
    return launcher.start(
        output,
        "up",
        "--host",
        "0.0.0.0",
        "--port",
        Integer.toString(port),
        "--management-port",
        Integer.toString(managementPort),
        "--data-dir",
        directory.resolve("data").toString());
  }

  private static Matcher awaitCurl(Process up, Path output) throws IOException {
    Await.until(
        "the line to paste", () -> !up.isAlive() || CURL.matcher(Files.readString(output)).find());
    Matcher line = CURL.matcher(Files.readString(output));
    assertThat(line.find()).as(Files.readString(output)).isTrue();
    return line;
  }

  /** Minted beside the running service, on its database. */
  private void assertTokenReads(Launcher launcher, String id) {
    // A variable of this name is a preset of the service's start, and nothing to a command.
    String stray = "tr_dev_strayKeyOfAnotherDay0123456789abcdef";
    String token =
        ofData(
                launcher.with("RUNCAST_SECRET_KEY", stray),
                "token",
                "--read",
                "tags:user:1",
                "--expires",
                "1h")
            .lastLine();
    new Api("http://127.0.0.1:" + port, stray).get("/api/v1/runs").expect(401);
    SseProbe.Target target = target("/realtime/v1/runs?tags=user:1", token);
    try (SseProbe probe = new SseProbe(target).connect().awaitLive()) {
      assertThat(probe.runs()).containsExactly(id);
    }
    try (SseProbe probe = new SseProbe(target("/realtime/v1/runs", token)).connect()) {
      assertThat(probe.awaitRefusal().status()).isEqualTo(403);
    }
    Api bearer = new Api("http://127.0.0.1:" + port, token);
    bearer.get("/api/v3/runs/" + id).expect(200);
    ofData(launcher, "token", "revoke", "--scope", "read:tags:user:1");
    Await.until("the token to be refused", () -> bearer.get("/api/v3/runs/" + id).status() == 401);
  }

  private void assertTenantsCanBeMade(Launcher launcher) {
    String project = ofData(launcher, "project", "create", "--name", "Second").lastLine();
    String key =
        ofData(launcher, "env", "create", "--project", project, "--env", "prod").lastLine();
    Api api = new Api("http://127.0.0.1:" + port, key);
    assertThat(api.get("/api/v1/runs").expect(200).json().path("data")).isEmpty();
    String id = api.trigger("it-task", Map.of());
    try (SseProbe probe = new SseProbe(target("/realtime/v1/runs", key)).connect().awaitLive()) {
      assertThat(probe.runs()).containsExactly(id);
    }
  }

  private static String personalToken(Path output) throws IOException {
    Matcher token = Pattern.compile("Personal token +(\\S+)").matcher(Files.readString(output));
    assertThat(token.find()).isTrue();
    return token.group(1);
  }

  private void assertABranchHasAKeyOfItsOwnAndGoes(Launcher launcher, String personalToken) {
    String branch =
        new Api("http://127.0.0.1:" + port, personalToken)
            .post(
                "/api/v1/projects/proj_runcast/branches",
                Map.of("branch", "feat/one", "env", "development"))
            .expect(200)
            .json()
            .get("id")
            .asText();
    String key = ofData(launcher, "env", "rotate", "--env", "dev/feat/one").lastLine();
    Api api = new Api("http://127.0.0.1:" + port, key);
    assertThat(api.environment()).isEqualTo(branch);

    assertThat(ofData(launcher, "env", "archive", "--env", "dev/feat/one").lastLine())
        .isEqualTo(branch);

    Await.until("its key to be refused", () -> api.get("/api/v1/runs").status() == 401);
  }

  private Command ofData(Launcher launcher, String... arguments) {
    Command command = launcher.with("RUNCAST_DATA_DIR", directory + "/data").run(arguments);
    assertThat(command.exitCode()).as(command.output()).isZero();
    return command;
  }

  private SseProbe.Target target(String path, String credential) {
    return new SseProbe.Target(port, path, credential);
  }

  /**
   * As Ctrl-C does; or TERM where Ctrl-C is turned off for all that is started here, as a shell
   * does for what it starts in the background.
   *
   * @return the signal's number
   */
  private static int interrupt(Process process) throws IOException, InterruptedException {
    boolean works = run("sh", "-c", "trap 'exit 1' INT; kill -INT $$; exit 0") == 1;
    run("kill", works ? "-INT" : "-TERM", Long.toString(process.pid()));
    return works ? 2 : 15;
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).start().waitFor();
  }
}
