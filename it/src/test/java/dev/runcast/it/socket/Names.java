package dev.runcast.it.socket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.it.harness.NewRun;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What stands for what in a {@link Transcript}: between the names in it and what a service is
 * really told and tells.
 */
final class Names {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern MADE_UP = Pattern.compile("\\b(run|tag)_\\d+\\b");
  private static final Pattern TIME =
      Pattern.compile("\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z\"");
  private static final Pattern STORED = Pattern.compile("\"at\":\\d+");
  private static final Pattern LSN = Pattern.compile("\"lsn\":\"[0-9A-F]+/[0-9A-F]+\"");

  private final Map<String, String> real = new LinkedHashMap<>();
  private int cursors;

  /** Takes a token, which has a name in the transcript. */
  void put(String name, String token) {
    real.put(name, token);
  }

  /** What a service is told: a run or a tag of this test alone, a token, a cursor that it gave. */
  String real(String text) {
    String result =
        MADE_UP
            .matcher(text)
            .replaceAll(
                made -> real.computeIfAbsent(made.group(), name -> NewRun.name(made.group(1))));
    for (String name : real.keySet()) {
      if (!MADE_UP.matcher(name).matches()) {
        result = result.replaceAll("\\b" + name + "\\b", real.get(name));
      }
    }
    return result;
  }

  /** What a service told, as it stands in a transcript. */
  JsonNode named(JsonNode told) {
    ObjectNode copy = told.deepCopy();
    if (copy.hasNonNull("id")) {
      String name = "cursor-" + ++cursors;
      real.put(name, copy.path("id").asText());
      copy.put("id", name);
    }
    String text = TIME.matcher(copy.toString()).replaceAll("\"2026-01-02T03:04:05.678Z\"");
    text = STORED.matcher(text).replaceAll("\"at\":1767323045678");
    text = LSN.matcher(text).replaceAll("\"lsn\":\"0/17B4D68\"");
    for (Map.Entry<String, String> each : longestFirst()) {
      text = text.replace(each.getValue(), each.getKey());
    }
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** So that no name is taken for the beginning of another. */
  private List<Map.Entry<String, String>> longestFirst() {
    return real.entrySet().stream()
        .filter(each -> MADE_UP.matcher(each.getKey()).matches())
        .sorted(Comparator.comparing((Map.Entry<String, String> each) -> -each.getValue().length()))
        .toList();
  }
}
