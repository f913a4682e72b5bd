package dev.runcast.it.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Executes tasks by hand: it says to the engine's routes what the command line tool would say, one
 * word at a time, so that a test can look at what there is in between.
 */
public final class HandWorker {
  private static final String RUNS = "/engine/v1/dev/runs/";

  private final Api api;
  private String worker = "";

  public HandWorker(Api api) {
    this.api = api;
  }

  /** A task that says no more of itself than it must, as a build registers it. */
  public static Map<String, Object> task(String id) {
    Map<String, Object> task = new LinkedHashMap<>();
    task.put("id", id);
    task.put("filePath", "src/" + id + ".ts");
    task.put("exportName", id);
    return task;
  }

  /** Registers a build of tasks, which is the one that it asks for runs as; gives its version. */
  public String register(String hash, List<?> tasks) {
    Map<String, Object> metadata = Map.of("contentHash", hash, "tasks", tasks);
    JsonNode made =
        api.post("/api/v1/projects/proj_runcast/background-workers", Map.of("metadata", metadata))
            .expect(200)
            .json();
    worker = made.get("id").asText();
    return made.get("version").asText();
  }

  /** Runs that it has been given, each with its snapshot. */
  public Map<String, String> dequeue() {
    Map<String, Object> asked = Map.of("currentWorker", worker, "oldWorkers", List.of());
    Map<String, String> given = new LinkedHashMap<>();
    for (JsonNode message :
        api.post("/engine/v1/dev/dequeue", asked).expect(200).json().get("dequeuedMessages")) {
      given.put(
          message.get("run").get("friendlyId").asText(),
          message.get("snapshot").get("friendlyId").asText());
    }
    return given;
  }

  /** Takes a run, which must come now, and begins an attempt. */
  public void begin(String run) {
    List<String> others = new ArrayList<>();
    Await.until(
        "the run to be handed out",
        () -> {
          Map<String, String> given = dequeue();
          others.addAll(given.keySet());
          if (given.containsKey(run)) {
            begin(run, given.get(run));
          }
          return given.containsKey(run);
        },
        others::toString);
  }

  /** Takes what comes now, and begins an attempt of each. */
  public void beginAll() {
    dequeue().forEach(this::begin);
  }

  private void begin(String run, String snapshot) {
    api.post(RUNS + run + "/snapshots/" + snapshot + "/attempts/start", Map.of()).expect(200);
  }

  /** Begins another attempt of a run that it has kept. */
  public void beginAgain(String run) {
    begin(run, snapshot(run));
  }

  /** Ends an attempt as one that has failed, to be tried again after a while. */
  public void fail(String run, String message, long retryInMs) {
    Map<String, Object> error =
        Map.of(
            "type", "BUILT_IN_ERROR",
            "name", "Error",
            "message", message,
            "stackTrace", "at pack (parcel.ts:7)");
    Map<String, Object> retry =
        Map.of("timestamp", System.currentTimeMillis() + retryInMs, "delay", retryInMs);
    end(run, Map.of("ok", false, "id", run, "error", error, "retry", retry));
  }

  /** Ends an attempt as one that has succeeded. */
  public void succeed(String run, String output) {
    end(run, Map.of("ok", true, "id", run, "output", output, "outputType", "application/json"));
  }

  private void end(String run, Map<String, ?> completion) {
    api.post(
            RUNS + run + "/snapshots/" + snapshot(run) + "/attempts/complete",
            Map.of("completion", completion))
        .expect(200);
  }

  /** Has a run wait for a token. */
  public void waitForToken(String run, String token) {
    api.post("/engine/v1/runs/" + run + "/waitpoints/tokens/" + token + "/wait", Map.of())
        .expect(200);
  }

  /** Has a run wait until a time. */
  public void waitUntil(String run, String time) {
    api.post("/engine/v1/runs/" + run + "/wait/duration", Map.of("date", time)).expect(200);
  }

  private String snapshot(String run) {
    return api.get(RUNS + run + "/snapshots/latest")
        .expect(200)
        .json()
        .get("execution")
        .get("snapshot")
        .get("friendlyId")
        .asText();
  }
}
