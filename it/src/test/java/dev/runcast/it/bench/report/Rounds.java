package dev.runcast.it.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Paired measurements: in each round ours and then the baseline, or the other way round, so that
 * what disturbs the machine for a while disturbs both. The ratio is the median of the rounds' own.
 */
public final class Rounds {
  private final List<Double> ours = new ArrayList<>();
  private final List<Double> baseline = new ArrayList<>();

  public void add(double measured, double beside) {
    ours.add(measured);
    baseline.add(beside);
  }

  public double ours() {
    return median(ours);
  }

  public double baseline() {
    return median(baseline);
  }

  public double ratio() {
    return median(ratios());
  }

  /** The median of the rounds' differences, ours less the baseline. */
  public double difference() {
    List<Double> differences = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      differences.add(ours.get(i) - baseline.get(i));
    }
    return median(differences);
  }

  public List<Double> ratios() {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(ours.get(i) / baseline.get(i));
    }
    return ratios;
  }

  /** The middle one, or the mean of the two in the middle. */
  public static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
