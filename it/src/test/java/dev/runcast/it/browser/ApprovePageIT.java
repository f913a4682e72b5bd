package dev.runcast.it.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Command;
import dev.runcast.it.harness.Installation;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.Shared;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official command line tool logs in, and somebody lets it in on a page of the dashboard. */
class ApprovePageIT {
  private static final Pattern ADDRESS = Pattern.compile("http://[^\\s/]+(/approve/[A-Z-]+)");

  @TempDir Path home;

  private final Node node = Shared.node();

  /** A command of the tool, as somebody without a terminal gives it. */
  private final class Tool {
    private final Path output;
    private final Process process;

    Tool(String... arguments) {
      try {
        output = Files.createTempFile("runcast-it-tool", ".log");
        List<String> command =
            new ArrayList<>(
                List.of(
                    "node",
                    Installation.root()
                        .resolve("it/tasks/node_modules/trigger.dev/dist/esm/index.js")
                        .toString()));
        command.addAll(List.of(arguments));
        command.add("--skip-telemetry");
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TRIGGER_"));
        List.of("CI", "GITHUB_ACTIONS", "CONTINUOUS_INTEGRATION")
            .forEach(builder.environment()::remove);
        builder.environment().put("HOME", home.toString());
        builder.environment().put("XDG_CONFIG_HOME", home.resolve("config").toString());
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Where it sends people. */
    String address() {
      Matcher found = ADDRESS.matcher("");
      Await.until("an address", () -> found.reset(said()).find(), this::said);
      return found.group(1);
    }

    String said() {
      try {
        return Files.readString(output);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Command end() throws IOException {
      return Command.awaitEnd(process, output);
    }
  }

  private Tool login() {
    return new Tool("login", "--api-url", node.url(), "--no-browser");
  }

  @Test
  void somebodySignsInAndLetsTheToolIn() throws IOException {
    Tool login = login();
    String address = login.address();
    try (Dashboard dashboard = Dashboard.open(node, address)) {
      dashboard.signIn(node.secretKey());
      dashboard.button("Let it in").waitFor();
      dashboard.text(address.substring(address.lastIndexOf('/') + 1)).waitFor();
      for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        dashboard.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        assertThat(dashboard.barriers()).as(scheme.name()).isEmpty();
      }
      dashboard.page().setViewportSize(380, 800);
      assertThat(dashboard.barriers()).as("on a telephone").isEmpty();

      dashboard.button("Let it in").click();
      dashboard.text("It is let in").waitFor();
      assertThat(dashboard.barriers()).as("when it is done").isEmpty();
      assertThat(dashboard.errors()).isEmpty();
    }
    Command loggedIn = login.end();
    assertThat(loggedIn.output()).contains("Logged in successfully");

    assertThat(new Tool("whoami").end().output()).contains("owner@runcast.local", node.url());

    Files.writeString(home.resolve("package.json"), "{\"name\":\"x\",\"type\":\"module\"}");
    Command begun =
        new Tool("init", "--yes", "--project-ref", "proj_runcast", "--skip-package-install").end();
    // From here on it asks somebody else, for the files that a project begins with.
    assertThat(begun.output()).contains("Configuring project \"Runcast\" (proj_runcast)");
  }

  @Test
  void somebodyRefuses() throws IOException {
    Tool login = login();
    try (Dashboard dashboard = Dashboard.signedIn(node, login.address())) {
      dashboard.button("Refuse").click();
      dashboard.text("It was refused").waitFor();
      assertThat(dashboard.errors()).isEmpty();
    }

    assertThat(login.end().output())
        .contains("Failed to get access token")
        .doesNotContain("Logged in successfully");
  }

  @Test
  void whoComesTooLateIsTold() {
    try (Dashboard dashboard = Dashboard.signedIn(node, "/approve/BCDF-GHJK")) {
      dashboard.text("Nobody asks to be let in by this code").waitFor();
      assertThat(dashboard.button("Let it in").count()).isZero();
    }
  }

  @Test
  void thePageAloneLetsNobodyIn() {
    Api nobody = new Api(node.url(), "");
    String url =
        nobody.post("/api/v1/authorization-code", Map.of()).expect(200).json().get("url").asText();
    try (Dashboard dashboard = Dashboard.signedIn(node, url.substring(node.url().length()))) {
      dashboard.button("Let it in").waitFor();
      dashboard.page().reload();
      dashboard.button("Let it in").waitFor();
    }
  }
}
