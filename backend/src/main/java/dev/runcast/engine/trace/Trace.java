package dev.runcast.engine.trace;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.json.JsonText;
import dev.runcast.json.UnreadableJsonException;
import dev.runcast.run.RunId;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The spans and logs of a run as a tree below the run. A span that was told as begun and later as
 * ended is one; what hangs on a span that is not there hangs on the run. Not for use by two
 * threads.
 */
public final class Trace {
  /** Beyond it, what is nested deeper hangs on the last. */
  static final int MAX_DEPTH = 64;

  private static final JsonText JSON = new JsonText(JsonText.MAX_DEPTH);

  /**
   * A span or a log of the tree.
   *
   * @param end null for a log, and for a span that has not ended
   * @param entry as it is stored
   * @param children in the order of their times
   */
  public record Node(
      String id,
      boolean isLog,
      Instant at,
      @Nullable Instant end,
      JsonNode entry,
      List<Node> children) {
    boolean isPartial() {
      return !isLog && end == null;
    }
  }

  private final String run;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Set<String> logs = new HashSet<>();

  public Trace(RunId run) {
    this.run = TraceIds.span(run);
  }

  /** Takes in the next entry, as it was stored; what is none is passed over. */
  public void take(String text) {
    try {
      JsonNode entry = JSON.read(text);
      Instant at = Instant.parse(entry.path("at").asText(""));
      if (entry.path("type").asText().equals("log")) {
        takeLog(text, entry, at);
      } else {
        takeSpan(entry, at);
      }
    } catch (UnreadableJsonException | DateTimeParseException e) {
      return;
    }
  }

  /** One that was sent again, because the answer was lost, is one. */
  private void takeLog(String text, JsonNode entry, Instant at) {
    if (logs.add(text)) {
      String id = "log-" + logs.size();
      nodes.put(id, new Node(id, true, at, null, entry, new ArrayList<>()));
    }
  }

  private void takeSpan(JsonNode entry, Instant at) {
    String id = entry.path("id").asText("");
    String ended = entry.path("end").asText("");
    Node known = nodes.get(id);
    if (id.isEmpty() || id.equals(run) || (known != null && !known.isPartial())) {
      return;
    }
    Instant end = ended.isEmpty() ? null : Instant.parse(ended);
    nodes.put(id, new Node(id, false, at, end, entry, new ArrayList<>()));
  }

  /** What hangs on the run itself, in the order of the times, with all that hangs on it. */
  public List<Node> tree() {
    Map<String, List<Node>> below = new HashMap<>();
    List<Node> roots = new ArrayList<>();
    Comparator<Node> byTime = Comparator.comparing(Node::at);
    for (Node node : nodes.values().stream().sorted(byTime).toList()) {
      Node parent = nodes.get(node.entry().path("parent").asText(""));
      if (parent == null || parent.isLog()) {
        roots.add(node);
      } else {
        below.computeIfAbsent(parent.id(), id -> new ArrayList<>()).add(node);
      }
    }
    List<Node> tree = new ArrayList<>(roots);
    Set<String> placed = new HashSet<>();
    roots.forEach(root -> place(root, tree, below, placed));
    // What is left hangs on itself, whoever claims that; one of each circle hangs on the run.
    for (Node node : nodes.values()) {
      if (!placed.contains(node.id())) {
        tree.add(node);
        place(node, tree, below, placed);
      }
    }
    return tree;
  }

  /**
   * A node whose children are to be placed.
   *
   * @param siblings the list that it is in itself
   */
  private record Placing(Node node, List<Node> siblings, int depth) {}

  private static void place(
      Node root, List<Node> roots, Map<String, List<Node>> below, Set<String> placed) {
    Deque<Placing> open = new ArrayDeque<>();
    placed.add(root.id());
    open.add(new Placing(root, roots, 1));
    while (!open.isEmpty()) {
      Placing next = open.remove();
      boolean tooDeep = next.depth >= MAX_DEPTH;
      List<Node> into = tooDeep ? next.siblings : next.node.children();
      for (Node child : below.getOrDefault(next.node.id(), List.of())) {
        if (placed.add(child.id())) {
          into.add(child);
          open.add(new Placing(child, into, tooDeep ? next.depth : next.depth + 1));
        }
      }
    }
  }
}
