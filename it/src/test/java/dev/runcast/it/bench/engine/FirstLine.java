package dev.runcast.it.bench.engine;

import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.Section;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.Tenant;
import dev.runcast.it.bench.process.Child;
import dev.runcast.it.bench.report.Cost;
import dev.runcast.it.bench.report.Figure;
import dev.runcast.it.bench.report.Report;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Installation;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * With the official command line tool, which keeps its processes: from when a trigger is sent to
 * when the first line of the task's code runs. The tool asks for runs four times a second.
 */
public final class FirstLine implements Section {
  private static final String TASK = "bench_first";
  private static final String PROGRAM = "node_modules/trigger.dev/dist/esm/index.js";
  private static final int WARM_UP = 5;
  private static final int RUNS = 40;

  private static final String SOURCE =
      """
      import { task } from '@trigger.dev/sdk';
      export const first = task({ id: 'bench_first', run: async () => Date.now() });
      """;

  @Override
  public void run(Ground ground, Report report) {
    Path tasks = Installation.root().resolve("it/tasks");
    if (!Files.isRegularFile(tasks.resolve(PROGRAM))) {
      report.skip("the first line of a task: run npm ci in it/tasks.");
      return;
    }
    Service service = ground.service();
    DevClient client = new DevClient(service);
    Child tool = start(ground, service, tasks);
    tool.discardOutput();
    Await.until(
        "the tool to register its task",
        () ->
            tool.isStillAlive()
                && ground.database().run("select id from task where id = ?", TASK).equals(TASK));
    Times times = new Times();
    for (int i = 0; i < WARM_UP; i++) {
      once(client);
    }
    for (int i = 0; i < RUNS; i++) {
      times.add(once(client));
    }
    tool.close();
    report.add(
        new Figure(
            "trigger to the first line of a task's code, the tool's process warm, p50",
            "ms",
            times.median(),
            null,
            null,
            Cost.NONE,
            "Limited by the tool, which asks for runs every 250 ms.",
            new JsonObject().put("times", times.json())));
  }

  private static double once(DevClient client) {
    long began = System.currentTimeMillis();
    String run = client.trigger(TASK);
    JsonObject told = client.get("/api/v3/runs/" + run);
    while (!told.getBoolean("isCompleted")) {
      Await.pause(20);
      told = client.get("/api/v3/runs/" + run);
    }
    if (!told.getBoolean("isSuccess")) {
      throw new IllegalStateException(told.encode());
    }
    return told.getLong("output") - began;
  }

  /** In a directory of its own, for it keeps files beside its tasks. */
  private static Child start(Ground ground, Service service, Path tasks) {
    Path project = ground.directory().resolve("tasks");
    try {
      Files.createDirectories(project.resolve("src"));
      for (String file :
          Set.of("package.json", "package-lock.json", "tsconfig.json", "trigger.config.ts")) {
        Files.copy(tasks.resolve(file), project.resolve(file));
      }
      Files.createSymbolicLink(project.resolve("node_modules"), tasks.resolve("node_modules"));
      Files.writeString(project.resolve("src/first.ts"), SOURCE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> command =
        List.of(
            "sh",
            "-c",
            "cd \"$0\" && exec node " + PROGRAM + " dev --skip-update-check --skip-telemetry",
            project.toString());
    return ground
        .children()
        .start(
            "tool",
            command,
            Map.of(
                "CI",
                "1",
                "TRIGGER_API_URL",
                "http://127.0.0.1:" + service.port(),
                "TRIGGER_ACCESS_TOKEN",
                Tenant.PERSONAL_TOKEN));
  }
}
