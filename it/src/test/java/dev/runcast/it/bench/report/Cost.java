package dev.runcast.it.bench.report;

import dev.runcast.it.bench.process.Usage;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What each process used for a figure: processor time while it was measured, memory after. */
public record Cost(Map<String, Usage> processes) {
  public static final Cost NONE = new Cost(Map.of());

  private static final double MIB = 1 << 20;

  public static Cost of(String name, Usage usage) {
    return NONE.and(name, usage);
  }

  public Cost and(String name, Usage usage) {
    Map<String, Usage> more = new LinkedHashMap<>(processes);
    more.put(name, usage);
    return new Cost(more);
  }

  String text() {
    return processes.entrySet().stream()
        .map(entry -> entry.getKey() + " " + text(entry.getValue()))
        .collect(Collectors.joining("; "));
  }

  private static String text(Usage usage) {
    return String.format(
        Locale.ROOT,
        "%.2f CPU-s (%.0f %% kernel), %.0f MB",
        usage.cpuSeconds(),
        100 * usage.systemSeconds() / Math.max(usage.cpuSeconds(), 0.01),
        usage.residentBytes() / MIB);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    processes.forEach(
        (name, usage) ->
            json.put(
                name,
                new JsonObject()
                    .put("userSeconds", usage.userSeconds())
                    .put("systemSeconds", usage.systemSeconds())
                    .put("residentBytes", usage.residentBytes())));
    return json;
  }
}
