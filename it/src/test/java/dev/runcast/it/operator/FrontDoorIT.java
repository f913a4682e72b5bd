package dev.runcast.it.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Command;
import dev.runcast.it.harness.PostgresServer;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./runcast}: what it says when it can't do what it was asked, and how to put it right. */
class FrontDoorIT {
  @TempDir private Path directory;

  private static Launcher launcher;

  @BeforeAll
  static void install() throws IOException, InterruptedException {
    launcher = Launcher.install();
  }

  @Test
  void tellsWhatThereIs() {
    for (String word : List.of("help", "--help", "-h")) {
      Command help = launcher.run(word);
      assertThat(help.exitCode()).isZero();
      assertThat(help.output()).contains("up ", "serve ", "token ", "project create", "env create");
    }
    Command ofUp = launcher.run("up", "--help");
    assertThat(ofUp.exitCode()).as(ofUp.output()).isZero();
    assertThat(ofUp.output())
        .contains("--port", "RUNCAST_PORT", "--database-url", "DATABASE_URL", "--demo");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    Command unknown = launcher.run("dance");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.lastLine()).isEqualTo("runcast: there is no command 'dance'.");

    Command option = launcher.run("serve", "--colour", "red");
    assertThat(option.exitCode()).isEqualTo(2);
    assertThat(option.output()).contains("--colour").doesNotContain("\tat ");
  }

  @Test
  void saysWhichToolIsMissing() throws IOException, InterruptedException {
    Launcher own = Launcher.install();
    Launcher bare = own.with("JAVA_HOME", "");

    assertRefusal(
        bare.with("PATH", launcher.pathWithOnly()).run("up"), "Java is missing", "apt-get install");

    own.edit();
    Launcher stale = own.with("JAVA_HOME", System.getProperty("java.home"));
    assertRefusal(
        stale.with("PATH", launcher.pathWithOnly()).run("up"),
        "Maven is missing",
        "apt-get install");
    assertRefusal(
        stale.with("PATH", launcher.pathWithOnly("mvn")).run("up"), "Node is missing", "20.19");
  }

  @Test
  void buildsNothingThatIsNotStale() throws IOException {
    // No Maven and no Node are there to build with.
    Launcher noTools =
        launcher
            .with("JAVA_HOME", System.getProperty("java.home"))
            .with("PATH", launcher.pathWithOnly());

    Command help = noTools.run("serve", "--help");

    assertThat(help.exitCode()).as(help.output()).isZero();
    assertThat(help.output()).contains("--database-url").doesNotContain("building");
  }

  @Test
  void aCommandBesideAServiceTakesNoJarFromUnderItAndMakesNoInstallation() throws Exception {
    Launcher own = Launcher.install();
    own.edit();

    Command refused = own.run("token", "--read", "runs");

    assertRefusal(
        refused, "There is no Runcast in " + own.tree() + "/.runcast", "--data-dir / RUNCAST_");
    assertThat(refused.output()).doesNotContain("building");
    assertThat(own.tree().resolve(".runcast")).doesNotExist();
  }

  @Test
  void writesItsClassArchiveAnewWhenTheJarIsNewer() throws Exception {
    Launcher own = Launcher.install();
    Path archive = Files.writeString(own.tree().resolve("target/runcast.jsa"), "of another jar");
    Files.setLastModifiedTime(archive, FileTime.fromMillis(0));

    assertThat(own.run("serve", "--help").exitCode()).isZero();

    assertThat(archive).exists();
    assertThat(Files.getLastModifiedTime(archive).toMillis()).isPositive();
  }

  @Test
  void namesACertificateThatIsNotThere() {
    Path missing = directory.resolve("missing.pem");

    Command refused =
        serve(
            Shared.sql().database().url(),
            "--port",
            "0",
            "--tls-cert",
            missing.toString(),
            "--tls-key",
            missing.toString());

    assertRefusal(refused, missing + " can't be read", "--tls-cert / RUNCAST_TLS_CERT");
  }

  @Test
  void namesAPortThatIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());

      Command refused = serve(Shared.sql().database().url(), "--port", port);

      assertRefusal(refused, "Port " + port, "--port / RUNCAST_PORT");
    }
  }

  @Test
  void namesADataDirectoryThatCantBeWritten() throws IOException {
    // A file in its place: not even root can write below it.
    Path file = Files.createFile(directory.resolve("file"));

    Command refused =
        launcher.run("up", "--port", "0", "--management-port", "0", "--data-dir", file + "/inside");

    assertRefusal(refused, file + "/inside can't be written", "--data-dir / RUNCAST_DATA_DIR");
  }

  @Test
  void saysWhatItsPostgresLacks() {
    try (PostgresServer replica = PostgresServer.start(Map.of("wal_level", "replica"))) {
      assertRefusal(
          serve(replica.database().url()),
          "wal_level=replica",
          "alter system set wal_level = 'logical'");
    }
    TestDatabase database = Shared.postgres().database();
    database.script("create role it_plain login");
    assertRefusal(serve(database.as("it_plain").url()), "it_plain may not replicate", "alter role");
    assertRefusal(serve(database.as("it_nobody").url()), "it_nobody", "correct the user");
    assertRefusal(
        serve("postgres://postgres@127.0.0.1:1/nothing?sslmode=disable"),
        "127.0.0.1:1",
        "start it");
  }

  @Test
  void tellsAllMistakesAtOnce() {
    Command refused =
        launcher
            .with("RUNCAST_KEEP_RUNS", "for ever")
            .run("serve", "--port", "banana", "--ring-bytes", "plenty", "--slot", "Not A Slot");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.output().lines()).allMatch(line -> line.startsWith("runcast: "));
    assertThat(refused.output())
        .contains("--port", "banana", "--ring-bytes", "plenty", "--slot", "RUNCAST_KEEP_RUNS")
        .contains("--database-url");
  }

  private Command serve(String databaseUrl, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("serve", "--database-url", databaseUrl, "--management-port", "0"));
    arguments.addAll(more.length == 0 ? List.of("--port", "0") : List.of(more));
    return launcher
        .with("RUNCAST_ENCRYPTION_KEY", "ab".repeat(32))
        .run(arguments.toArray(new String[0]));
  }

  private static void assertRefusal(Command refused, String what, String cure) {
    assertThat(refused.exitCode()).as(refused.output()).isEqualTo(2);
    assertThat(refused.lastLine()).startsWith("runcast: ").contains(what).contains(cure);
    assertThat(refused.output()).doesNotContain("\tat ", "Exception");
    assertThat(refused.output().lines().filter(line -> line.startsWith("runcast: "))).hasSize(1);
  }
}
