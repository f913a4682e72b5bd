package dev.runcast.it.bench.fanout;

import dev.runcast.it.bench.process.Usage;
import dev.runcast.it.bench.report.Cost;
import dev.runcast.it.bench.report.Figure;
import dev.runcast.it.bench.report.Rounds;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The samples of one plan, of all sides, and the figures that they make. */
final class Measured {
  static final String NCHAN = "nchan";

  private final FanOut.Plan plan;
  private final boolean hasNchan;
  private final Map<String, List<Sample>> samples = new HashMap<>();

  Measured(FanOut.Plan plan, boolean hasNchan) {
    this.plan = plan;
    this.hasNchan = hasNchan;
  }

  void add(String side, Sample sample) {
    samples.computeIfAbsent(side, absent -> new ArrayList<>()).add(sample);
  }

  Figure figure(String side) {
    return plan.p99Millis() > 0 ? lateness(side) : efficiency(side);
  }

  private Figure efficiency(String side) {
    Rounds rounds = new Rounds();
    for (int i = 0; i < of(side).size(); i++) {
      double ours = of(side).get(i).deliveriesPerCpuSecond();
      rounds.add(ours, hasNchan ? of(NCHAN).get(i).deliveriesPerCpuSecond() : ours);
    }
    return new Figure(
        name(side),
        "deliveries/CPU-s",
        rounds.ours(),
        hasNchan ? new Figure.Baseline(NCHAN, rounds.baseline(), rounds.ratio()) : null,
        hasNchan ? Figure.Target.atLeast(">= " + plan.ratio(), rounds.ratio(), plan.ratio()) : null,
        cost(side),
        limit(side),
        more(side).put("ratios", new JsonArray(rounds.ratios())));
  }

  private Figure lateness(String side) {
    Rounds rounds = new Rounds();
    for (int i = 0; i < of(side).size(); i++) {
      double ours = of(side).get(i).received().p99() / 1e3;
      rounds.add(ours, hasNchan ? of(NCHAN).get(i).received().p99() / 1e3 : ours);
    }
    return new Figure(
        name(side),
        "p99 ms",
        rounds.ours(),
        hasNchan ? new Figure.Baseline(NCHAN, rounds.baseline(), rounds.ratio()) : null,
        Figure.Target.atMost("< " + plan.p99Millis() + " ms", rounds.ours(), plan.p99Millis()),
        cost(side),
        "Limited by the processor: server, load generator and what feeds them share its cores.",
        more(side));
  }

  private String name(String side) {
    return plan.scenario().name() + ", " + side;
  }

  private Cost cost(String side) {
    Cost cost = Cost.of("server", last(side).server()).and("load", last(side).load());
    return hasNchan ? cost.and(NCHAN, last(NCHAN).server()) : cost;
  }

  private String limit(String side) {
    Usage server = last(side).server();
    return String.format(
        Locale.ROOT,
        "Limited by one write to a socket for each delivery: %.0f %% of the server's time is the"
            + " kernel's.",
        100 * server.systemSeconds() / Math.max(server.cpuSeconds(), 0.01));
  }

  private JsonObject more(String side) {
    JsonObject more = new JsonObject().put("samples", samplesOf(side));
    return hasNchan ? more.put("nchanSamples", samplesOf(NCHAN)) : more;
  }

  private JsonArray samplesOf(String side) {
    return new JsonArray(of(side).stream().map(Sample::toJson).toList());
  }

  private List<Sample> of(String side) {
    return samples.getOrDefault(side, List.of());
  }

  private Sample last(String side) {
    @Nullable List<Sample> all = samples.get(side);
    if (all == null) {
      throw new IllegalStateException(side + " was not measured");
    }
    return all.get(all.size() - 1);
  }
}
