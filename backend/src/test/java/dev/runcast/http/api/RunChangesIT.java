package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What workers and the SDK change of runs. */
class RunChangesIT {
  @RegisterExtension static final ApiServer server = new ApiServer();

  @Test
  void aWorkerTakesARunThroughItsLife() {
    String id = server.trigger("work", "{}");

    Reply started = server.patch(id, "{\"status\":\"EXECUTING\"}");
    Reply ended =
        server.patch(id, "{\"status\":\"COMPLETED\",\"output\":{\"n\":1},\"tags\":\"done\"}");

    assertThat(started.json())
        .isEqualTo(new JsonObject().put("id", id).put("status", "EXECUTING").put("version", 2));
    assertThat(started.header("etag")).isEqualTo("\"2\"");
    assertThat(Long.parseLong(ended.header("x-runcast-position")))
        .isGreaterThan(Long.parseLong(started.header("x-runcast-position")));
    JsonObject run = server.retrieve(id);
    assertThat(run.getString("status")).isEqualTo("COMPLETED");
    assertThat(run.getBoolean("isSuccess")).isTrue();
    assertThat(run.getBoolean("isCompleted")).isTrue();
    assertThat(run.getBoolean("isFailed")).isFalse();
    assertThat(run.getJsonObject("output").getInteger("n")).isEqualTo(1);
    assertThat(run.getInteger("attemptCount")).isEqualTo(1);
    assertThat(run.getJsonArray("tags")).isEqualTo(new JsonArray(List.of("done")));
    assertThat(Instant.parse(run.getString("finishedAt")))
        .isAfterOrEqualTo(Instant.parse(run.getString("startedAt")));
    assertThat(server.query("select version from run where id = '" + id + "'"))
        .containsExactly("3");
  }

  @Test
  void beginningAndEndMayBeToldAtOnce() {
    String id = server.trigger("work", "{}");

    server.patch(
        id,
        "{\"status\":\"COMPLETED_SUCCESSFULLY\",\"output\":\"raw\",\"outputType\":\"text/plain\"}");

    JsonObject run = server.retrieve(id);
    assertThat(run.getString("output")).isEqualTo("raw");
    assertThat(run.getInteger("attemptCount")).isEqualTo(1);
    assertThat(run.getString("startedAt")).isNotNull();
    assertThat(server.query("select version, output_type from run where id = '" + id + "'"))
        .containsExactly("2", "text/plain");
  }

  @Test
  void retriesCountAttemptsAndKeepTheFirstStart() {
    String id = server.trigger("work", "{}");
    server.patch(id, "{\"status\":\"EXECUTING\"}");
    String start = server.query("select started_at from run where id = '" + id + "'").get(0);
    server.patch(id, "{\"status\":\"RETRYING_AFTER_FAILURE\"}");
    server.patch(id, "{\"status\":\"EXECUTING\"}");
    server.patch(id, "{\"status\":\"WAITING\"}");
    server.patch(id, "{\"status\":\"EXECUTING\"}");

    assertThat(server.query("select attempt_count, started_at from run where id = '" + id + "'"))
        .containsExactly("2", start);
  }

  @Test
  void aFinishedRunDoesNotComeBack() {
    String id = server.trigger("work", "{}");
    server.patch(id, "{\"status\":\"COMPLETED\",\"output\":1}");

    Reply again = server.patch(id, "{\"status\":\"EXECUTING\"}");
    assertThat(again.status()).isEqualTo(422);
    assertThat(again.error()).contains("does not come back");
    assertThat(server.patch(id, "{\"status\":\"COMPLETED\",\"output\":2}").status()).isEqualTo(422);
    assertThat(server.patch(id, "{\"output\":2}").status()).isEqualTo(422);
    assertThat(server.patch(id, "{\"error\":\"late\"}").status()).isEqualTo(422);
    assertThat(
            server
                .patch(id, "{\"operations\":[{\"type\":\"set\",\"key\":\"a\",\"value\":1}]}")
                .status())
        .isEqualTo(422);
    assertThat(server.patch(id, "{\"tags\":[\"late\"]}").status()).isEqualTo(200);
    assertThat(server.retrieve(id).getInteger("output")).isEqualTo(1);
  }

  @Test
  void aStepThatLeadsNowhereIsRefused() {
    String id = server.trigger("work", "{\"options\":{\"delay\":\"1h\"}}");

    Reply reply = server.patch(id, "{\"status\":\"EXECUTING\"}");

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.error()).contains("DELAYED can't become EXECUTING").contains("PENDING");
    assertThat(server.retrieve(id).getString("status")).isEqualTo("DELAYED");
  }

  @Test
  void errorsOfEveryFormAreKeptInOneThatClientsRead() {
    assertThat(errorAfter("\"went wrong\""))
        .isEqualTo(new JsonObject().put("message", "went wrong"));
    assertThat(errorAfter("{\"message\":\"m\",\"name\":\"TypeError\",\"stackTrace\":\"at x\"}"))
        .isEqualTo(
            new JsonObject()
                .put("message", "m")
                .put("name", "TypeError")
                .put("stackTrace", "at x"));
    assertThat(errorAfter("{\"type\":\"STRING_ERROR\",\"raw\":\"r\"}").getString("message"))
        .isEqualTo("r");
    assertThat(
            errorAfter(
                "{\"type\":\"BUILT_IN_ERROR\",\"name\":\"E\",\"message\":\"m\",\"stackTrace\":\"\","
                    + "\"causes\":[{\"message\":\"c\"}]}"))
        .isEqualTo(
            new JsonObject()
                .put("message", "m")
                .put("name", "E")
                .put("causes", new JsonArray().add(new JsonObject().put("message", "c"))));
    assertThat(
            errorAfter("{\"type\":\"INTERNAL_ERROR\",\"code\":\"TASK_RUN_CRASHED\"}")
                .getString("message"))
        .isEqualTo("TASK_RUN_CRASHED");
  }

  private static JsonObject errorAfter(String error) {
    String id = server.trigger("work", "{}");
    Reply reply = server.patch(id, "{\"status\":\"FAILED\",\"error\":" + error + "}");
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
    JsonObject run = server.retrieve(id);
    assertThat(run.getString("status")).isEqualTo("FAILED");
    assertThat(run.getBoolean("isFailed")).isTrue();
    return run.getJsonObject("error");
  }

  @Test
  void malformedChangesAreRefusedWithTheField() {
    String id = server.trigger("work", "{}");
    assertRefused(id, 400, "body", "{}");
    assertRefused(id, 400, "body", "");
    assertRefused(id, 400, "body", "{\"unknown\":1}");
    assertRefused(id, 422, "status", "{\"status\":\"DONE\"}");
    assertRefused(id, 422, "status", "{\"status\":\"DELETED\"}");
    assertRefused(id, 400, "status", "{\"status\":5}");
    assertRefused(id, 400, "error", "{\"error\":5}");
    assertRefused(id, 400, "error", "{\"error\":{\"type\":\"ODD\"}}");
    assertRefused(id, 400, "error", "{\"error\":{\"type\":\"INTERNAL_ERROR\",\"code\":\"ODD\"}}");
    assertRefused(id, 400, "error", "{\"error\":{\"name\":\"no message\"}}");
    assertRefused(id, 413, "error", "{\"error\":\"" + "x".repeat(200_000) + "\"}");
    assertRefused(id, 413, "output", "{\"output\":\"" + "x".repeat(200_000) + "\"}");
    assertRefused(
        id,
        400,
        "operations[1]",
        "{\"operations\":[{\"type\":\"delete\",\"key\":\"a\"},{\"type\":\"odd\"}]}");
    assertRefused(
        id,
        400,
        "operations[0]",
        "{\"operations\":[{\"type\":\"increment\",\"key\":\"a\",\"value\":\"1\"}]}");
    assertRefused(
        id,
        422,
        "operations[0]",
        "{\"operations\":[{\"type\":\"set\",\"key\":\"$.a.__proto__\",\"value\":1}]}");
    assertRefused(id, 400, "metadata", "{\"metadata\":5}");
    assertThat(server.retrieve(id).getString("status")).isEqualTo("QUEUED");
    assertThat(server.patch("run_nobody", "{\"status\":\"EXECUTING\"}").status()).isEqualTo(404);
    assertThat(server.patch(id, "{\"tags\":\"a\"}", "if-match", "one").status()).isEqualTo(400);
  }

  private static void assertRefused(String id, int status, String param, String body) {
    Reply reply = server.patch(id, body);
    assertThat(reply.response().body()).contains("\"param\":\"" + param + "\"");
    assertThat(reply.status()).as(body).isEqualTo(status);
  }

  @Test
  void aChangeForAnotherVersionIsRefusedWithTheCurrentOne() {
    String id = server.trigger("work", "{}");
    server.patch(id, "{\"status\":\"EXECUTING\"}", "if-match", "\"1\"");

    Reply stale = server.patch(id, "{\"status\":\"COMPLETED\"}", "if-match", "\"1\"");
    Reply bare = server.patch(id, "{\"tags\":\"a\"}", "if-match", "2");
    Reply any = server.patch(id, "{\"tags\":\"b\"}", "if-match", "*");

    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.header("etag")).isEqualTo("\"2\"");
    assertThat(stale.error()).contains("version 2, not 1");
    assertThat(bare.status()).isEqualTo(200);
    assertThat(any.json().getInteger("version")).isEqualTo(4);
  }

  @Test
  void ofTwoWorkersThatRaceOnOneVersionOneWins() {
    for (int round = 0; round < 5; round++) {
      String id = server.trigger("race", "{}");
      List<CompletableFuture<Reply>> replies =
          IntStream.range(0, 6)
              .mapToObj(
                  n ->
                      server
                          .call("PATCH", "/api/v1/runs/" + id)
                          .headers("if-match", "\"1\"")
                          .json("{\"status\":\"EXECUTING\",\"tags\":\"worker" + n + "\"}")
                          .start())
              .toList();

      assertThat(replies.stream().map(reply -> reply.join().status()).sorted())
          .containsExactly(200, 412, 412, 412, 412, 412);
      assertThat(server.retrieve(id).getJsonArray("tags")).hasSize(1);
    }
  }

  @Test
  void aRepeatedChangeIsMadeOnce() {
    String id = server.trigger("once", "{}");
    String body = "{\"operations\":[{\"type\":\"increment\",\"key\":\"n\",\"value\":1}]}";
    Reply first = server.patch(id, body, "x-trigger-request-idempotency-key", "p1");
    Reply second = server.patch(id, body, "x-trigger-request-idempotency-key", "p1");

    assertThat(second.response().body()).isEqualTo(first.response().body());
    assertThat(server.retrieve(id).getJsonObject("metadata").getInteger("n")).isEqualTo(1);
  }

  @Test
  void tagsAreAddedOnceAndBounded() {
    String id = server.trigger("tags", "{\"options\":{\"tags\":\"a\"}}");
    String path = "/api/v1/runs/" + id + "/tags";

    Reply added = server.call("POST", path).json("{\"tags\":[\"b\",\"a\",\"c\"]}").send();
    Reply none = server.call("POST", path).json("{\"tags\":\"a\"}").send();
    Reply many =
        server
            .call("POST", path)
            .json("{\"tags\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\"]}")
            .send();

    assertThat(added.status()).isEqualTo(200);
    assertThat(added.json().getString("message")).isNotBlank();
    assertThat(none.status()).isEqualTo(200);
    assertThat(none.header("x-runcast-position")).isEqualTo(added.header("x-runcast-position"));
    assertThat(many.status()).isEqualTo(422);
    assertThat(many.error()).contains("at most 10 tags", "has 3 and would have 11");
    assertThat(server.retrieve(id).getJsonArray("tags"))
        .isEqualTo(new JsonArray(List.of("a", "b", "c")));
    assertThat(server.call("POST", path).json("{}").send().status()).isEqualTo(400);
  }

  @Test
  void cancellingIsIdempotentAndLeavesWhatHasFinished() {
    String id = server.trigger("cancel", "{}");
    String done = server.trigger("cancel", "{}");
    server.patch(done, "{\"status\":\"COMPLETED\"}");

    Reply first = server.call("POST", "/api/v2/runs/" + id + "/cancel").send();
    Reply second =
        server
            .call("POST", "/api/v2/runs/" + id + "/cancel")
            .headers("content-type", "application/json")
            .send();
    Reply late = server.call("POST", "/api/v2/runs/" + done + "/cancel").send();

    assertThat(first.json()).isEqualTo(new JsonObject().put("id", id));
    assertThat(second.json()).isEqualTo(new JsonObject().put("id", id));
    assertThat(late.status()).isEqualTo(200);
    JsonObject run = server.retrieve(id);
    assertThat(run.getString("status")).isEqualTo("CANCELED");
    assertThat(run.getBoolean("isCancelled")).isTrue();
    assertThat(run.getBoolean("isCompleted")).isTrue();
    assertThat(run.getString("finishedAt")).isNotNull();
    assertThat(run.containsKey("startedAt")).isFalse();
    assertThat(server.retrieve(done).getString("status")).isEqualTo("COMPLETED");
    assertThat(server.call("POST", "/api/v2/runs/run_nobody/cancel").send().status())
        .isEqualTo(404);
  }

  @Test
  void aDeletedRunIsUnknown() {
    String id = server.trigger("deleted", "{}");
    server.postgres.execute("update run set status = 'DELETED' where id = '" + id + "'");

    assertThat(server.call("GET", "/api/v3/runs/" + id).send().status()).isEqualTo(404);
    assertThat(server.patch(id, "{\"tags\":\"a\"}").status()).isEqualTo(404);
  }
}
