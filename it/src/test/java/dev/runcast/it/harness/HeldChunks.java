package dev.runcast.it.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The chunks that a client holds, as a set by their numbers; none may be told out of sequence. */
public final class HeldChunks {
  private final Map<String, NavigableMap<Long, JsonNode>> streams = new TreeMap<>();
  private Map<String, NavigableMap<Long, JsonNode>> given;
  private int told;

  /** Takes in the data of a {@code chunk} event. */
  void take(JsonNode data) {
    add(streams, data);
    if (given != null) {
      add(given, data);
    }
    told += data.path("data").size();
  }

  private static void add(Map<String, NavigableMap<Long, JsonNode>> to, JsonNode data) {
    String name = data.path("run").asText() + "/" + data.path("stream").asText();
    NavigableMap<Long, JsonNode> chunks = to.computeIfAbsent(name, absent -> new TreeMap<>());
    long seq = data.path("seq").asLong();
    if (!chunks.isEmpty() && seq > chunks.lastKey() + 1) {
      throw new AssertionError("chunk " + seq + " of " + name + " follows " + chunks.lastKey());
    }
    for (JsonNode chunk : data.path("data")) {
      chunks.put(seq++, chunk);
    }
  }

  void fullReadBegins() {
    given = new TreeMap<>();
  }

  void fullReadEnds() {
    if (given != null) {
      streams.clear();
      streams.putAll(given);
      given = null;
    }
  }

  /** Of the parts of a feed that were given anew only rows were wrong. */
  void repairEnds() {
    given = null;
  }

  /** How many chunks were told, those that were told again included. */
  public int told() {
    return told;
  }

  /** The chunks of a stream of a run, in the order of their numbers. */
  public List<JsonNode> of(String run, String stream) {
    return List.copyOf(streams.getOrDefault(run + "/" + stream, new TreeMap<>()).values());
  }

  /** The number of the first chunk of a stream that is held; -1 where there is none. */
  public long firstOf(String run, String stream) {
    NavigableMap<Long, JsonNode> chunks = streams.getOrDefault(run + "/" + stream, new TreeMap<>());
    return chunks.isEmpty() ? -1 : chunks.firstKey();
  }
}
