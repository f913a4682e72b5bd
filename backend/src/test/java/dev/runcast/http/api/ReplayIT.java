package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is done to a run besides its life: another one after it, another time for it. */
class ReplayIT {
  @RegisterExtension static final ApiServer server = new ApiServer();

  @Test
  void aReplayIsANewRunOfTheSameKind() {
    String parent = server.trigger("p", "{}");
    String id =
        server.trigger(
            "again",
            """
            {"payload":"plain {text","options":{"payloadType":"text/plain","tags":["a","b"],
             "queue":{"name":"slow"},"machine":"micro","priority":3,"maxAttempts":2,"ttl":"1h",
             "metadata":{"m":1},"parentRunId":"%s","idempotencyKey":"k","region":"eu"}}"""
                .formatted(parent));
    server.patch(id, "{\"status\":\"FAILED\",\"error\":\"no\"}");

    Reply reply = server.call("POST", "/api/v1/runs/" + id + "/replay").send();

    assertThat(reply.status()).isEqualTo(200);
    String replayed = reply.json().getString("id");
    assertThat(replayed).isNotEqualTo(id);
    JsonObject run = server.retrieve(replayed);
    assertThat(run.getString("status")).isEqualTo("QUEUED");
    assertThat(run.getString("payload")).isEqualTo("plain {text");
    assertThat(run.getJsonArray("tags")).isEqualTo(new JsonArray(List.of("a", "b")));
    assertThat(run.getString("queue")).isEqualTo("slow");
    assertThat(run.getString("ttl")).isEqualTo("1h");
    assertThat(run.getString("region")).isEqualTo("eu");
    assertThat(run.getInteger("depth")).isZero();
    assertThat(run.containsKey("metadata")).isFalse();
    assertThat(run.containsKey("idempotencyKey")).isFalse();
    assertThat(
            server.query(
                "select payload_type, machine, priority, max_attempts from run where id = '"
                    + replayed
                    + "'"))
        .containsExactly("text/plain", "micro", "3", "2");
  }

  @Test
  void whatIsSaidGoesBeforeWhatWas() {
    String id =
        server.trigger(
            "again",
            "{\"payload\":\"x\",\"options\":{\"payloadType\":\"text/plain\",\"tags\":\"a\"}}");

    Reply reply =
        server
            .call("POST", "/api/v1/runs/" + id + "/replay")
            .json(
                "{\"payload\":{\"n\":2},\"tags\":[\"c\"],\"queue\":\"fast\",\"version\":\"v9\",\"metadata\":{\"x\":1}}")
            .send();

    JsonObject run = server.retrieve(reply.json().getString("id"));
    assertThat(run.getJsonObject("payload").getInteger("n")).isEqualTo(2);
    assertThat(run.getJsonArray("tags")).isEqualTo(new JsonArray(List.of("c")));
    assertThat(run.getString("queue")).isEqualTo("fast");
    assertThat(run.getString("version")).isEqualTo("v9");
    assertThat(run.getJsonObject("metadata").getInteger("x")).isEqualTo(1);
  }

  @Test
  void aReplayIsOfTheNewestBuildAndSaysOfWhatItIsOne() {
    String id = server.trigger("again", "{\"options\":{\"lockToVersion\":\"v1\"}}");
    assertThat(server.retrieve(id).getString("version")).isEqualTo("v1");

    Reply reply = server.call("POST", "/api/v1/runs/" + id + "/replay").send();

    String replayed = reply.json().getString("id");
    assertThat(server.retrieve(replayed).containsKey("version")).isFalse();
    assertThat(server.query("select options from run where id = '" + replayed + "'").get(0))
        .contains("\"replayOf\":\"" + id + "\"")
        .doesNotContain("lockToVersion");
  }

  @Test
  void aReplayOfNothingOrWithTheUnknownIsRefused() {
    String id = server.trigger("again", "{}");
    String path = "/api/v1/runs/" + id + "/replay";

    assertThat(server.call("POST", path).json("{\"odd\":1}").send().status()).isEqualTo(400);
    assertThat(server.call("POST", "/api/v1/runs/run_nobody/replay").send().status())
        .isEqualTo(404);
    assertThat(server.call("POST", path).as(ApiServer.token("read:runs")).send().status())
        .isEqualTo(403);
    assertThat(server.call("POST", path).as(ApiServer.token("write:tasks:again")).send().status())
        .isEqualTo(200);
  }

  @Test
  void aDelayedRunIsPutOffAndItsExpiryWithIt() {
    String id =
        server.trigger(
            "later", "{\"options\":{\"delay\":\"2060-01-01T00:00:00Z\",\"ttl\":\"10m\"}}");
    String path = "/api/v1/runs/" + id + "/reschedule";

    Reply reply = server.call("POST", path).json("{\"delay\":\"2061-01-01T00:00:00Z\"}").send();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().getString("id")).isEqualTo(id);
    assertThat(reply.json().getString("status")).isEqualTo("DELAYED");
    assertThat(reply.json().getString("delayedUntil")).isEqualTo("2061-01-01T00:00:00.000Z");
    assertThat(reply.header("x-runcast-position")).isNotNull();
    assertThat(server.dues).contains(Instant.parse("2061-01-01T00:00:00Z"));
    assertThat(
            server.query(
                "select string_agg(kind || ' ' || (at at time zone 'UTC')::text, ', ' order by kind)"
                    + " from due where ref = '"
                    + id
                    + "'"))
        .containsExactly("DELAY 2061-01-01 00:00:00, TTL 2061-01-01 00:10:00");
    assertThat(server.call("POST", path).json("{\"delay\":\"soon\"}").send().status())
        .isEqualTo(400);
    assertThat(server.call("POST", path).json("{}").send().status()).isEqualTo(400);
    server.patch(id, "{\"status\":\"QUEUED\"}");
    assertThat(server.call("POST", path).json("{\"delay\":\"1h\"}").send().status()).isEqualTo(422);
  }
}
