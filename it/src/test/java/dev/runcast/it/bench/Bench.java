package dev.runcast.it.bench;

import dev.runcast.it.bench.clients.BatchSeal;
import dev.runcast.it.bench.clients.FollowLatency;
import dev.runcast.it.bench.clients.ParkedPolls;
import dev.runcast.it.bench.clients.StreamLatency;
import dev.runcast.it.bench.commit.CommitToSocket;
import dev.runcast.it.bench.connection.CountsOnly;
import dev.runcast.it.bench.connection.ManyStreams;
import dev.runcast.it.bench.connection.ManySubscriptions;
import dev.runcast.it.bench.engine.Backlog;
import dev.runcast.it.bench.engine.FirstLine;
import dev.runcast.it.bench.engine.OwnShare;
import dev.runcast.it.bench.engine.ShortRuns;
import dev.runcast.it.bench.fanout.FanOut;
import dev.runcast.it.bench.memory.IdleMemory;
import dev.runcast.it.bench.process.Usage;
import dev.runcast.it.bench.report.Report;
import dev.runcast.it.bench.trigger.TriggerRate;
import dev.runcast.it.bench.wal.WalRate;
import dev.runcast.it.bench.web.BusyTable;
import dev.runcast.it.bench.web.FirstLoad;
import dev.runcast.it.bench.web.ManyHooks;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What {@code ./runcast bench} runs: {@code spine}, {@code clients}, {@code connection}, {@code
 * web} or {@code engine}, each of several sections, or one section by its name. Prints one table
 * and writes one JSON file; everything that it started is stopped at the end, also when it is
 * interrupted.
 */
public final class Bench {
  /** What is run when nothing is asked for. */
  private static final String FIRST = "spine";

  private Bench() {}

  /**
   * Runs and exits.
   *
   * @param arguments the directory for what it writes, then the section's name
   */
  public static void main(String[] arguments) {
    Path output = Path.of(arguments[0]);
    String name = arguments.length > 1 ? arguments[1] : FIRST;
    Map<String, Map<String, Section>> whole = new LinkedHashMap<>();
    whole.put(FIRST, spine());
    whole.put("clients", clients());
    whole.put("connection", connection());
    whole.put("web", web());
    whole.put("engine", engine());
    if (!Usage.isKnownHere()) {
      refuse("The benchmark reads Linux's /proc, which is not here: run it on Linux.");
    }
    Map<String, Section> chosen = chosen(name, whole);
    if (chosen.isEmpty()) {
      refuse("There is no benchmark '%s'; choose one of %s.".formatted(name, names(whole)));
    }
    Report report = new Report(machine());
    try (Ground ground = new Ground(output, Ground.Installation.ofProperties())) {
      chosen.forEach(
          (section, measured) -> {
            System.err.println("bench: " + section);
            measured.run(ground, report);
          });
    }
    System.out.print(report.table());
    report.write(output.resolve(name + ".json"));
    System.exit(0);
  }

  private static Map<String, Section> spine() {
    Map<String, Section> sections = new LinkedHashMap<>();
    sections.put("memory", new IdleMemory());
    sections.put("wal", new WalRate());
    sections.put("commit", new CommitToSocket());
    sections.put("triggers", new TriggerRate());
    sections.put("fanout", new FanOut());
    return sections;
  }

  private static Map<String, Section> clients() {
    Map<String, Section> sections = new LinkedHashMap<>();
    sections.put("polls", new ParkedPolls());
    sections.put("batch", new BatchSeal());
    sections.put("follow", new FollowLatency());
    sections.put("streams", new StreamLatency());
    return sections;
  }

  private static Map<String, Section> connection() {
    Map<String, Section> sections = new LinkedHashMap<>();
    sections.put("chunks", new ManyStreams());
    sections.put("sockets", new ManySubscriptions());
    sections.put("counts", new CountsOnly());
    return sections;
  }

  private static Map<String, Section> web() {
    Map<String, Section> sections = new LinkedHashMap<>();
    sections.put("load", new FirstLoad());
    sections.put("hooks", new ManyHooks());
    sections.put("table", new BusyTable());
    return sections;
  }

  private static Map<String, Section> engine() {
    Map<String, Section> sections = new LinkedHashMap<>();
    sections.put("share", new OwnShare());
    sections.put("short", new ShortRuns());
    sections.put("first", new FirstLine());
    sections.put("backlog", new Backlog());
    return sections;
  }

  /** All sections of that name, or the one; none if there is nothing of that name. */
  private static Map<String, Section> chosen(String name, Map<String, Map<String, Section>> whole) {
    Map<String, Section> all = whole.get(name);
    return all != null
        ? all
        : whole.values().stream()
            .filter(sections -> sections.containsKey(name))
            .findFirst()
            .map(sections -> Map.of(name, sections.get(name)))
            .orElse(Map.of());
  }

  private static List<String> names(Map<String, Map<String, Section>> whole) {
    return whole.entrySet().stream()
        .flatMap(
            entry -> Stream.concat(Stream.of(entry.getKey()), entry.getValue().keySet().stream()))
        .toList();
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
