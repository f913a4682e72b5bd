package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.ClientProgram;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official SDKs of two generations, unmodified, follow runs by the long poll. */
class ShapeIT {
  private static final String TODAY = "4.8.3";
  private static final String LEGACY = "3.3.17";

  /** The program of each that follows a feed. */
  private static final Map<String, String> FOLLOW = Map.of(TODAY, "follow", LEGACY, "follow-3.3");

  private static final Pattern WITH_A_PLACE = Pattern.compile("[^~]*\\.[0-9A-F]+-[0-9A-F]+\\..*");

  private final Api api = Shared.api();
  private final RunWriter sql = Shared.sql();

  /** In its first moments a node can't always tell what it has told; these tests count on it. */
  @BeforeAll
  static void nodeIsSettled() {
    String path = "/realtime/v1/runs?offset=-1&tags=" + name("nobody");
    Await.until(
        "the node to know its place in the log",
        () -> {
          String offset = Shared.api().get(path).header("electric-offset").orElseThrow();
          return WITH_A_PLACE.matcher(offset).matches();
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {TODAY, LEGACY})
  @Conformance(
      client = {"4.8.3", "3.3.17"},
      function = "runs.subscribeToRun")
  void followARunFromItsTriggerToItsEnd(String generation) {
    String id = api.trigger("send", Map.of("tags", List.of("t")));
    try (ClientProgram client =
        ClientProgram.start(FOLLOW.get(generation), Shared.node(), "run", id)) {
      assertThat(client.await("run").path("status").asText()).isEqualTo("QUEUED");

      api.move(id, Map.of("status", "EXECUTING"));
      awaitStatus(client, "EXECUTING");
      for (int i = 1; i <= 10; i++) {
        api.move(id, Map.of("operations", List.of(set("progress", i))));
      }
      api.move(id, Map.of("status", "COMPLETED", "output", Map.of("ok", true)));
      JsonNode done = awaitStatus(client, "COMPLETED");

      assertThat(done.path("id").asText()).isEqualTo(id);
      assertThat(done.at("/payload/from").asText()).isEqualTo("test");
      assertThat(done.at("/output/ok").asBoolean()).isTrue();
      assertThat(done.at("/metadata/progress").asInt()).isEqualTo(10);
      assertThat(done.path("finishedAt").isTextual()).isTrue();
      assertThat(done.path("tags").toString()).isEqualTo("[\"t\"]");
      assertThat(progress(client)).isSorted();
      assertThat(client.told("run")).as("each state is told once").doesNotHaveDuplicates();
      if (generation.equals(TODAY)) {
        client.awaitEnd();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TODAY, LEGACY})
  @Conformance(
      client = {"4.8.3", "3.3.17"},
      function = "runs.subscribeToRunsWithTag")
  void followTheRunsThatCarryAllTags(String generation) {
    String user = name("user:");
    String order = name("order:");
    String both = sql.insert(run().tagged(user, order));
    String late = sql.insert(run().tagged(user));
    try (ClientProgram client =
        ClientProgram.start(FOLLOW.get(generation), Shared.node(), "tag", user + "," + order)) {
      awaitRun(client, both);

      sql.update(late, "status = 'EXECUTING'");
      sql.update(late, "tags = tags || ?", order);
      String fresh = sql.insert(run().tagged(order, user));
      sql.update(both, "status = 'COMPLETED_SUCCESSFULLY', completed_at = now()");
      awaitStatus(client, "COMPLETED");
      awaitRun(client, fresh);

      assertThat(awaitRun(client, late).path("status").asText()).isEqualTo("EXECUTING");
      assertThat(client.told("run")).as("each state is told once").hasSize(4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TODAY, LEGACY})
  @Conformance(
      client = {"4.8.3", "3.3.17"},
      function = "runs.subscribeToBatch")
  void followTheRunsOfABatch(String generation) {
    String batch = sql.insertBatch(2);
    String one = sql.insert(run().inBatch(batch));
    sql.insert(run().inBatch(sql.insertBatch(1)));
    try (ClientProgram client =
        ClientProgram.start(FOLLOW.get(generation), Shared.node(), "batch", batch)) {
      awaitRun(client, one);

      String two = sql.insert(run().inBatch(batch));
      awaitRun(client, two);
      sql.transact(
          transaction -> {
            transaction.update(one, "status = 'CANCELED', completed_at = now()");
            transaction.update(two, "status = 'TIMED_OUT', completed_at = now()");
          });

      assertThat(awaitStatus(client, "CANCELED").path("id").asText()).isEqualTo(one);
      assertThat(awaitStatus(client, "TIMED_OUT").path("id").asText()).isEqualTo(two);
      assertThat(client.told("run")).as("each state is told once").hasSize(4);
    }
  }

  @Test
  @Conformance(client = "4.8.3", function = "runs.subscribeToRun")
  void tellManyChangesInOrderAndTheLastForSure() {
    String id = sql.insert(run());
    try (ClientProgram client = ClientProgram.start(FOLLOW.get(TODAY), Shared.node(), "run", id)) {
      client.await("run");
      for (int i = 1; i <= 300; i++) {
        sql.update(id, "metadata = ?, metadata_type = ?", progressJson(i), "application/json");
      }
      sql.update(id, "status = 'COMPLETED_SUCCESSFULLY', completed_at = now(), output = '1'");
      client.awaitEnd();

      assertThat(progress(client)).isSorted().doesNotHaveDuplicates();
      JsonNode last = client.told("run").get(client.told("run").size() - 1);
      assertThat(last.path("status").asText()).isEqualTo("COMPLETED");
      assertThat(last.path("output").asInt()).isEqualTo(1);
      assertThat(last.at("/metadata/progress").asInt()).isEqualTo(300);
    }
  }

  @Test
  @Conformance(client = "4.8.3", function = "runs.subscribeToRun")
  void leaveOutColumnsThatAreNotWanted() {
    String id = sql.insert(run().carrying("\"secret\""));
    String skip = "{\"skipColumns\":[\"payload\",\"output\"]}";
    try (ClientProgram client =
        ClientProgram.start(FOLLOW.get(TODAY), Shared.node(), "run", id, skip)) {
      client.await("run");
      sql.update(id, "status = 'COMPLETED_SUCCESSFULLY', completed_at = now(), output = '1'");
      client.awaitEnd();

      assertThat(client.told("run"))
          .isNotEmpty()
          .allSatisfy(told -> assertThat(told.has("payload") || told.has("output")).isFalse());
    }
  }

  @Test
  @Conformance(client = "4.8.3", function = "runs.subscribeToRun")
  void surviveWhatPlainSqlStores() {
    String id = sql.insert(run().carrying("not json"));
    try (ClientProgram client = ClientProgram.start(FOLLOW.get(TODAY), Shared.node(), "run", id)) {
      assertThat(client.await("run").path("payload").asText()).isEqualTo("not json");

      sql.update(id, "status = 'CRASHED', completed_at = now(), error = 'boom', metadata = '['");
      client.awaitEnd();

      JsonNode last = client.told("run").get(1);
      assertThat(last.at("/error/message").asText()).isEqualTo("boom");
    }
  }

  @Test
  void followAFeedOfAnySizeAndAge() {
    String tag = name("many");
    sql.transact(
        transaction ->
            transaction.execute(
                """
                insert into run
                  (environment_id, id, task_identifier, tags, payload, payload_type, created_at)
                select ?, ? || '_' || n, 'it-task', array[?]::text[],
                  to_json(repeat('x', 6000)), 'application/json', now() - interval '90 days'
                from generate_series(1, 1500) n
                """,
                sql.environment(),
                name("run"),
                tag));
    String path = "/realtime/v1/runs?tags=" + tag;
    try (ClientProgram client = ClientProgram.start("shape", Shared.node(), "1.5", path)) {
      client.await("changed");

      assertThat(client.ask("rows").path("rows")).hasSize(1_500);
    }
  }

  @Test
  @Conformance(client = "4.8.3", function = "runs.subscribeToRun")
  void areNotHeldUpByATokenForJustTheirRun() {
    String id = sql.insert(run().tagged("public"));
    String token = Shared.tokens().granting("read:runs:" + id);
    try (ClientProgram client =
        ClientProgram.start(FOLLOW.get(TODAY), Shared.node().url(), token, "run", id)) {
      client.await("run");
      sql.update(id, "status = 'COMPLETED_SUCCESSFULLY', completed_at = now()");
      client.awaitEnd();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TODAY, LEGACY})
  @Conformance(
      client = {"4.8.3", "3.3.17"},
      function = "runs.subscribeToRun")
  void goOnWhenTheNodeWasKilledInBetween(String generation) {
    TestDatabase database = Shared.postgres().database();
    try (Node node = Node.start(NodeSpec.serve(database))) {
      RunWriter writer = new RunWriter(database, node.api().environment());
      String id = writer.insert(run());
      try (ClientProgram client = ClientProgram.start(FOLLOW.get(generation), node, "run", id)) {
        client.await("run");
        writer.update(id, "status = 'EXECUTING'");
        awaitStatus(client, "EXECUTING");

        node.kill();
        writer.update(id, "metadata = ?, metadata_type = ?", progressJson(1), "application/json");
        node.startAgain();
        client.await("run", told -> told.at("/metadata/progress").asInt() == 1);
        writer.update(id, "status = 'COMPLETED_SUCCESSFULLY', completed_at = now()");
        awaitStatus(client, "COMPLETED");

        assertThat(client.told("run")).as("each state is told once").hasSize(4);
      }
    }
  }

  private static JsonNode awaitStatus(ClientProgram client, String status) {
    return client.await("run", told -> told.path("status").asText().equals(status));
  }

  private static JsonNode awaitRun(ClientProgram client, String id) {
    return client.await("run", told -> told.path("id").asText().equals(id));
  }

  /** As told before the end: two states of a run may be told as one. */
  private static List<Integer> progress(ClientProgram client) {
    List<Integer> progress = new ArrayList<>();
    for (JsonNode told : client.told("run")) {
      JsonNode value = told.at("/metadata/progress");
      if (value.isInt() && !told.path("finishedAt").isTextual()) {
        progress.add(value.asInt());
      }
    }
    return progress;
  }

  private static Map<String, Object> set(String key, Object value) {
    return Map.of("type", "set", "key", key, "value", value);
  }

  private static String progressJson(int progress) {
    return "{\"progress\":" + progress + "}";
  }
}
