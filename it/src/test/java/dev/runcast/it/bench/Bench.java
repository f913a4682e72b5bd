package dev.runcast.it.bench;

import dev.runcast.it.bench.commit.CommitToSocket;
import dev.runcast.it.bench.fanout.FanOut;
import dev.runcast.it.bench.memory.IdleMemory;
import dev.runcast.it.bench.process.Usage;
import dev.runcast.it.bench.report.Report;
import dev.runcast.it.bench.trigger.TriggerRate;
import dev.runcast.it.bench.wal.WalRate;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code ./runcast bench} runs: {@code spine}, which is everything, or one section of it by
 * name. Prints one table and writes one JSON file; everything that it started is stopped at the
 * end, also when it is interrupted.
 */
public final class Bench {
  private static final String ALL = "spine";

  private Bench() {}

  /**
   * Runs and exits.
   *
   * @param arguments the directory for what it writes, then the section's name
   */
  public static void main(String[] arguments) {
    Path output = Path.of(arguments[0]);
    String name = arguments.length > 1 ? arguments[1] : ALL;
    Map<String, Section> sections = sections();
    if (!Usage.isKnownHere()) {
      refuse("The benchmark reads Linux's /proc, which is not here: run it on Linux.");
    }
    if (!name.equals(ALL) && !sections.containsKey(name)) {
      refuse(
          "There is no benchmark '"
              + name
              + "'; choose "
              + ALL
              + " or one of "
              + sections.keySet()
              + ".");
    }
    List<String> chosen = name.equals(ALL) ? List.copyOf(sections.keySet()) : List.of(name);
    Report report = new Report(machine());
    try (Ground ground = new Ground(output, Ground.Installation.ofProperties())) {
      for (String section : chosen) {
        System.err.println("bench: " + section);
        sections.get(section).run(ground, report);
      }
    }
    System.out.print(report.table());
    report.write(output.resolve(name + ".json"));
    System.exit(0);
  }

  private static Map<String, Section> sections() {
    Map<String, Section> sections = new LinkedHashMap<>();
    sections.put("memory", new IdleMemory());
    sections.put("wal", new WalRate());
    sections.put("commit", new CommitToSocket());
    sections.put("triggers", new TriggerRate());
    sections.put("fanout", new FanOut());
    return sections;
  }

  private static JsonObject machine() {
    return new JsonObject()
        .put("cores", Runtime.getRuntime().availableProcessors())
        .put("java", Runtime.version().toString())
        .put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
  }

  private static void refuse(String sentence) {
    System.err.println("runcast: " + sentence);
    System.exit(2);
  }
}
