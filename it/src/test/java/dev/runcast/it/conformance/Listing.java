package dev.runcast.it.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All behaviours of this JVM's tests: printed as they come, and together at the end. */
final class Listing implements AutoCloseable {
  private static final Path FILE = Path.of("target/conformance.txt");

  private final Map<Behaviour, String> outcomes = new LinkedHashMap<>();

  /** Notes and prints one; of several invocations of a test, a failed one counts. */
  void add(Behaviour behaviour, String outcome) {
    System.out.println(behaviour.line(outcome));
    outcomes.merge(behaviour, outcome, (one, other) -> one.equals("works") ? other : one);
  }

  /** Tells how many there were, and writes them where they can be read again. */
  @Override
  public void close() throws IOException {
    List<String> lines =
        outcomes.entrySet().stream()
            .sorted(
                Comparator.comparing((Map.Entry<Behaviour, String> told) -> told.getKey().client())
                    .reversed()
                    .thenComparing(told -> told.getKey().function()))
            .map(told -> told.getKey().line(told.getValue()))
            .toList();
    Files.createDirectories(FILE.getParent());
    Files.write(FILE, lines);
    Map<String, int[]> counts = new TreeMap<>();
    outcomes.forEach(
        (behaviour, outcome) ->
            counts
                .computeIfAbsent(behaviour.client(), client -> new int[2])[
                outcome.equals("works") ? 0 : 1]++);
    counts.forEach(
        (client, count) ->
            System.out.printf(
                "conformance %s: %d behaviours work, %d do not%n", client, count[0], count[1]));
  }
}
