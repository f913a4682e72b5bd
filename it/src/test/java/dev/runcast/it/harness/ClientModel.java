package dev.runcast.it.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.run.RunId;
import dev.runcast.run.tally.RunHash;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What a client knows that keeps the rules of docs/PROTOCOL.md, "Being right". It outlives
 * connections. Being told something that contradicts what it was told before is an error.
 */
public final class ClientModel {
  private static final List<String> WIDE =
      List.of("payload", "output", "metadata", "error", "idempotencyKey");
  private static final Set<String> FINAL =
      Set.of(
          "COMPLETED", "FAILED", "CANCELED", "CRASHED", "SYSTEM_FAILURE", "EXPIRED", "TIMED_OUT");

  /** A run as the client holds it. */
  public record Held(long version, ObjectNode columns) {
    public String status() {
      return columns.path("status").asText();
    }
  }

  private final Map<String, Held> rows = new TreeMap<>();
  private final Set<String> completed = new TreeSet<>();
  private final HeldChunks chunks = new HeldChunks();
  private Set<String> given;
  private String cursor = "";
  private boolean live;
  private boolean stale;
  private Map<String, Long> counts;
  private boolean proven;
  private boolean refuted;
  private Set<Integer> wrong = Set.of();

  /** Takes in one event whole. */
  void take(Frame frame) {
    switch (frame.name()) {
      case "snapshot" -> takeSnapshot(frame.data());
      case "run" ->
          takeRun(
              frame.data().path("version").asLong(),
              frame.data().path("whole").asBoolean(),
              frame.columns());
      case "chunk" -> chunks.take(frame.data());
      case "leave" -> takeLeave(frame.data());
      case "live" -> {
        live = true;
        stale = false;
      }
      case "stale" -> stale = true;
      case "counts" -> takeCounts(frame.data());
      case "digest" -> takeDigest(frame.data());
      case "token-expiring" -> {} // says nothing of rows
      case "end" -> live = false;
      default -> throw new AssertionError("an event that the protocol does not have: " + frame);
    }
    if (!frame.id().isEmpty()) {
      cursor = frame.id();
    }
  }

  /** A new connection has yet to say that it is live. */
  void connecting() {
    live = false;
  }

  /** The runs of the feed, by id. */
  public Map<String, Held> rows() {
    return rows;
  }

  /** The run, or null. */
  public Held get(String run) {
    return rows.get(run);
  }

  /** The chunks of the streams that it asked for. */
  public HeldChunks chunks() {
    return chunks;
  }

  /** What to resume with; empty before the first event. */
  public String cursor() {
    return cursor;
  }

  /** Runs whose completion was told, whether they are still held or not. */
  public Set<String> completed() {
    return completed;
  }

  /** Whether this connection has said that what is in the table has been told. */
  public boolean isLive() {
    return live;
  }

  public boolean isStale() {
    return stale;
  }

  /** How many runs are in each status, as it was told last; null before it was. */
  public Map<String, Long> counts() {
    return counts;
  }

  /** Whether the last event was a digest, and its rows come to it. */
  public boolean isProven() {
    return proven;
  }

  /** Whether its rows did not come to the last digest. */
  public boolean isRefuted() {
    return refuted;
  }

  /** The parts of the feed that are wrong, as far as digests of parts were told. */
  public Set<Integer> wrongParts() {
    return wrong;
  }

  private void takeCounts(JsonNode told) {
    Map<String, Long> known = new TreeMap<>();
    told.path("counts")
        .properties()
        .forEach(status -> known.put(status.getKey(), status.getValue().asLong()));
    long members = known.values().stream().mapToLong(Long::longValue).sum();
    if (members != told.path("members").asLong()) {
      throw new AssertionError("counts that do not add up: " + told);
    }
    counts = known;
  }

  private void takeDigest(JsonNode told) {
    proven =
        told.path("digest").asText().equals(digest(id -> true))
            && told.path("members").asInt() == rows.size();
    refuted = !proven;
    Set<Integer> differing = new TreeSet<>();
    for (int i = 0; i < told.path("buckets").size(); i++) {
      int part = i;
      String ours = digest(id -> RunHash.bucketOf(new RunId(id)) == part);
      if (!ours.equals(told.path("buckets").path(i).asText())) {
        differing.add(i);
      }
    }
    wrong = differing;
  }

  private String digest(Predicate<String> which) {
    long sum =
        rows.entrySet().stream()
            .filter(row -> which.test(row.getKey()))
            .mapToLong(row -> RunHash.of(new RunId(row.getKey()), row.getValue().version()))
            .sum();
    return HexFormat.of().toHexDigits(sum);
  }

  private void takeSnapshot(JsonNode snapshot) {
    boolean full = snapshot.path("full").asBoolean();
    if (snapshot.path("start").asBoolean()) {
      given = new HashSet<>();
      chunks.fullReadBegins();
    }
    snapshot
        .path("runs")
        .forEach(row -> takeRun(row.path("version").asLong(), true, row.path("run")));
    snapshot.path("left").forEach(this::takeLeave);
    if (full && snapshot.path("complete").asBoolean()) {
      if (given == null) {
        throw new AssertionError("a full read is complete that never began");
      }
      Set<Integer> parts = new HashSet<>();
      snapshot.path("buckets").forEach(part -> parts.add(part.asInt()));
      rows.keySet()
          .removeIf(
              id ->
                  !given.contains(id)
                      && (parts.isEmpty() || parts.contains(RunHash.bucketOf(new RunId(id)))));
      given = null;
      if (parts.isEmpty()) {
        chunks.fullReadEnds();
      } else {
        chunks.repairEnds();
      }
    }
  }

  private void takeRun(long version, boolean whole, JsonNode columns) {
    proven = false;
    String id = columns.path("id").asText();
    Held held = rows.get(id);
    boolean isFirstOfFullRead = given != null && (whole || held != null) && given.add(id);
    boolean isNewer =
        held == null ? whole : version > held.version() || (whole && version == held.version());
    boolean isNews = isNewer || (isFirstOfFullRead && whole);
    if (!isNews) {
      return;
    }
    ObjectNode row = whole ? columns.deepCopy() : held.columns().deepCopy();
    if (!whole) {
      row.setAll((ObjectNode) columns);
    } else if (held != null && held.version() == version && !isFirstOfFullRead) {
      requireSame(held.columns(), row);
    }
    rows.put(id, new Held(version, row));
    if (FINAL.contains(row.path("status").asText())) {
      completed.add(id);
    }
  }

  private void takeLeave(JsonNode leave) {
    proven = false;
    Held held = rows.get(leave.path("id").asText());
    JsonNode version = leave.path("version");
    if (held != null && (version.isNull() || held.version() <= version.asLong())) {
      rows.remove(leave.path("id").asText());
    }
  }

  private static void requireSame(ObjectNode held, ObjectNode told) {
    List<String> different = new ArrayList<>();
    told.fieldNames()
        .forEachRemaining(
            name -> {
              if (!told.get(name).equals(held.path(name))) {
                different.add(name + ": " + held.path(name) + " and " + told.get(name));
              }
            });
    if (!different.isEmpty()) {
      throw new AssertionError("one version of a run in two shapes: " + different);
    }
  }

  /** Whether this row lacks none of the columns that a partial update may leave out. */
  public static boolean isWhole(ObjectNode row) {
    return WIDE.stream().allMatch(row::has);
  }
}
