package dev.runcast.it.bench.report;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was measured.
 *
 * @param name what, with the load that it was measured under
 * @param baseline what it stands beside; null where there is nothing to compare with
 * @param limit one sentence: what keeps it from being better
 * @param more everything else that was noted, for the JSON file
 */
public record Figure(
    String name,
    String unit,
    double ours,
    @Nullable Baseline baseline,
    @Nullable Target target,
    Cost cost,
    String limit,
    JsonObject more) {

  /**
   * What it stands beside.
   *
   * @param ratio the median over paired rounds of ours to it
   */
  public record Baseline(String name, double value, double ratio) {}

  /** What was aimed at, and whether this run has reached it. */
  public record Target(String text, boolean met) {
    public static Target atLeast(String text, double value, double bound) {
      return new Target(text, value >= bound);
    }

    public static Target atMost(String text, double value, double bound) {
      return new Target(text, value <= bound);
    }
  }

  JsonObject toJson() {
    JsonObject json =
        new JsonObject().put("name", name).put("unit", unit).put("ours", ours).put("limit", limit);
    if (baseline != null) {
      json.put("baseline", baseline.name).put("baselineValue", baseline.value);
      json.put("ratio", baseline.ratio);
    }
    if (target != null) {
      json.put("target", target.text).put("met", target.met);
    }
    return json.put("cost", cost.toJson()).put("more", more);
  }
}
