package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.RunStatus;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GenerationsIT {
  private static final String[] OLD = {"trigger-version", "3.3.17"};
  private static final String[] NEW = {
    "trigger-version", "4.8.3", "x-trigger-api-version", "2025-07-16"
  };

  /** What a client of the older generation knows; anything else is an error to it. */
  private static final Set<String> KNOWN_TO_OLD =
      Set.of(
          "WAITING_FOR_DEPLOY",
          "QUEUED",
          "EXECUTING",
          "REATTEMPTING",
          "FROZEN",
          "COMPLETED",
          "CANCELED",
          "FAILED",
          "CRASHED",
          "INTERRUPTED",
          "SYSTEM_FAILURE",
          "DELAYED",
          "EXPIRED",
          "TIMED_OUT");

  private static final Map<RunStatus, String> RUNS = new EnumMap<>(RunStatus.class);

  @RegisterExtension static final ApiServer server = new ApiServer();

  @BeforeAll
  static void start() {
    for (RunStatus status : RunStatus.values()) {
      if (status != RunStatus.DELETED) {
        String id = server.trigger("generations", "{}");
        server.postgres.execute(
            "update run set status = '%s' where id = '%s'".formatted(status.name(), id));
        RUNS.put(status, id);
      }
    }
  }

  private static JsonObject read(RunStatus status, String... headers) {
    return server.call("GET", "/api/v3/runs/" + RUNS.get(status)).headers(headers).send().json();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DELETED")
  void eachGenerationIsGivenStatusesThatItKnows(RunStatus status) {
    JsonObject old = read(status, OLD);
    JsonObject today = read(status, NEW);
    JsonObject bare = server.retrieve(RUNS.get(status));

    assertThat(KNOWN_TO_OLD).contains(old.getString("status"));
    assertThat(old.getString("status")).isEqualTo(status.legacyName());
    assertThat(old.getJsonArray("attempts")).isEmpty();
    assertThat(today.getString("status")).isEqualTo(status.apiName());
    assertThat(bare.getString("status")).as("who is no SDK").isEqualTo(status.apiName());
    for (String flag : List.of("isQueued", "isCompleted", "isSuccess", "isFailed", "isCancelled")) {
      assertThat(old.getBoolean(flag)).as(flag).isEqualTo(today.getBoolean(flag));
    }
    boolean waiting = today.getBoolean("isWaiting");
    assertThat(old.getBoolean("isExecuting")).isEqualTo(today.getBoolean("isExecuting") || waiting);
  }

  @Test
  void aListIsFilteredByTheNamesOfTheClientsGeneration() {
    assertThat(listed("FROZEN", OLD)).isEqualTo("FROZEN FROZEN");
    assertThat(listed("REATTEMPTING,INTERRUPTED", OLD)).isEqualTo("INTERRUPTED REATTEMPTING");
    assertThat(listed("EXECUTING", OLD)).isEqualTo("EXECUTING EXECUTING");
    assertThat(listed("EXECUTING", NEW)).isEqualTo("EXECUTING EXECUTING");
    assertThat(listed("WAITING,DEQUEUED", NEW)).isEqualTo("WAITING WAITING DEQUEUED");
    assertThat(
            server
                .call("GET", "/api/v1/runs?filter%5Bstatus%5D=FROZEN")
                .headers(NEW)
                .send()
                .status())
        .isEqualTo(400);
  }

  private static String listed(String statuses, String... headers) {
    JsonObject list =
        server
            .call("GET", "/api/v1/runs?filter%5Bstatus%5D=" + statuses)
            .headers(headers)
            .send()
            .json();
    return String.join(
        " ",
        list.getJsonArray("data").stream()
            .map(run -> ((JsonObject) run).getString("status"))
            .toList());
  }
}
