package dev.runcast.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.conformance.CompatibilityTable.Row;
import dev.runcast.it.harness.ClientProgram;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** The table for users of the official clients says what tests show, and leaves nothing out. */
class CompatibilityIT {
  private static final String ABSENT = "not in this version";

  private static final CompatibilityTable table = CompatibilityTable.read();
  private static final List<Behaviour> declared = Declared.behaviours();
  private static final Map<String, Set<String>> exported = new HashMap<>();

  @BeforeAll
  static void readThePackages() {
    try (ClientProgram program = ClientProgram.start("surface", "http://127.0.0.1", "none")) {
      for (JsonNode told : program.awaitEnd().told("surface")) {
        Set<String> functions = new TreeSet<>();
        told.path("functions").forEach(function -> functions.add(function.asText()));
        exported.put(told.path("client").asText(), functions);
      }
    }
    assertThat(exported).containsKeys("4.8.3", "3.3.17");
  }

  @Test
  void whatWorksIsShownByATest() {
    List<String> unproved = new ArrayList<>();
    forEachCell(
        (row, client, cell) -> {
          if (cell.startsWith("works")) {
            row.functions().stream()
                .filter(function -> shown(client, function, row.with()).isEmpty())
                .forEach(function -> unproved.add(client + " " + function + " " + row.with()));
          }
        });

    assertThat(unproved).as("said to work, with no test that says so").isEmpty();
  }

  @Test
  void whatATestShowsIsSaidToWork() {
    Set<String> unsaid = new TreeSet<>();
    for (Behaviour behaviour : declared) {
      boolean said =
          table.rows().stream()
              .filter(row -> row.functions().contains(behaviour.function()))
              .filter(row -> row.with().equals(behaviour.with()))
              .anyMatch(
                  row -> row.cells().getOrDefault(behaviour.client(), "").startsWith("works"));
      if (!said) {
        unsaid.add(behaviour.line("has a test but no row"));
      }
    }

    assertThat(unsaid).isEmpty();
  }

  @Test
  void everyExportedFunctionHasARow() {
    Set<String> missing = new TreeSet<>();
    exported.forEach(
        (client, functions) ->
            functions.stream()
                .filter(
                    function ->
                        table.rows().stream()
                            .noneMatch(
                                row -> row.covers(function) && row.cells().containsKey(client)))
                .forEach(function -> missing.add(client + " " + function)));

    assertThat(missing).isEmpty();
  }

  @Test
  void aFunctionIsOnlySaidToBeAbsentWhereItIs() {
    List<String> wrong = new ArrayList<>();
    forEachCell(
        (row, client, cell) -> {
          boolean here = exported.get(client).stream().anyMatch(row::covers);
          boolean elsewhere = exported.values().stream().flatMap(Set::stream).anyMatch(row::covers);
          if (elsewhere && here == cell.startsWith(ABSENT)) {
            wrong.add(client + " " + row.functions() + ": " + cell);
          }
        });

    assertThat(wrong).as("an export that is said to be absent, or the other way round").isEmpty();
  }

  @Test
  void theTestsAreRunWithAllOthers() {
    assertThat(Declared.tests())
        .isNotEmpty()
        .allSatisfy(
            test -> {
              assertThat(test.getDeclaringClass().getSimpleName()).endsWith("IT");
              assertThat(test.isAnnotationPresent(Disabled.class)).isFalse();
              assertThat(test.getDeclaringClass().isAnnotationPresent(Disabled.class)).isFalse();
            });
  }

  private static List<Behaviour> shown(String client, String function, String with) {
    return declared.stream()
        .filter(behaviour -> behaviour.client().equals(client))
        .filter(behaviour -> behaviour.function().equals(function))
        .filter(behaviour -> behaviour.with().equals(with))
        .toList();
  }

  private static void forEachCell(Cell each) {
    for (Row row : table.rows()) {
      row.cells().forEach((client, cell) -> each.of(row, client, cell));
    }
  }

  private interface Cell {
    void of(Row row, String client, String cell);
  }
}
