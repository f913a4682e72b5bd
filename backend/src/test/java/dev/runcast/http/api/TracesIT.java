package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamSelection;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TracesIT {
  @RegisterExtension static final ApiServer server = new ApiServer();

  private static String attributes(String run) {
    return ("[{\"key\":\"$metadata.ctx.run.id\",\"value\":{\"stringValue\":\"%s\"}},"
            + "{\"key\":\"ctx.environment.id\",\"value\":{\"stringValue\":\"env_dev\"}}]")
        .formatted(run);
  }

  private static String span(String run, String id, String parent, String more) {
    return "{\"spanId\":\"%s\",\"parentSpanId\":\"%s\",\"name\":\"%1$s\",\"startTimeUnixNano\":\"1700000000000000000\",\"attributes\":%s%s}"
        .formatted(id, parent, attributes(run), more);
  }

  private static String ended() {
    return ",\"endTimeUnixNano\":\"1700000002000000000\"";
  }

  private static String spans(String... spans) {
    return "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" + String.join(",", spans) + "]}]}]}";
  }

  private static String logs(String... logs) {
    return "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":["
        + String.join(",", logs)
        + "]}]}]}";
  }

  private static String log(String run, String span, String text) {
    return "{\"timeUnixNano\":\"1700000001000000000\",\"spanId\":\"%s\",\"severityNumber\":13,\"body\":{\"stringValue\":\"%s\"},\"attributes\":%s}"
        .formatted(span, text, attributes(run));
  }

  private static JsonObject sent(String path, String body) {
    Reply reply = server.call("POST", path).json(body).send();
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
    return reply.json();
  }

  private static JsonObject told(String run, String what) {
    Reply reply = server.call("GET", "/api/v1/runs/" + run + "/" + what).send();
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
    return reply.json();
  }

  @Test
  void whatATaskTracesIsToldAsATreeBelowItsRun() {
    String run = server.trigger("task_a", "{}");
    sent("/otel/v1/traces", spans(span(run, "attempt", "", "")));
    assertThat(sent("/otel/v1/logs", logs(log(run, "attempt", "hello")))).isEmpty();
    assertThat(sent("/otel/v1/traces", spans(span(run, "attempt", "", ended())))).isEmpty();
    server.patch(run, "{\"status\":\"COMPLETED_SUCCESSFULLY\"}");

    JsonObject root = told(run, "trace").getJsonObject("trace").getJsonObject("rootSpan");

    JsonObject data = root.getJsonObject("data");
    assertThat(root.getString("runId")).isEqualTo(run);
    assertThat(data.getString("message")).isEqualTo("task_a");
    assertThat(data.getBoolean("isPartial")).isFalse();
    JsonObject attempt = root.getJsonArray("children").getJsonObject(0);
    assertThat(attempt.getString("parentId")).isEqualTo(root.getString("id"));
    assertThat(attempt.getJsonObject("data").getDouble("duration")).isEqualTo(2000);
    JsonObject log = attempt.getJsonArray("children").getJsonObject(0).getJsonObject("data");
    assertThat(log.getString("message")).isEqualTo("hello");
    assertThat(log.getString("level")).isEqualTo("WARN");
    assertThat(root.getJsonArray("children")).hasSize(1);
  }

  @Test
  void eventsAreToldAPageAtATime() {
    String run = server.trigger("task_a", "{}");
    String text = "x".repeat(5_000);
    for (int part = 0; part < 4; part++) {
      int first = part * 50;
      sent(
          "/otel/v1/logs",
          logs(
              IntStream.range(first, first + 50)
                  .mapToObj(i -> log(run, "", i + " " + text))
                  .toArray(String[]::new)));
    }

    StringBuilder numbers = new StringBuilder();
    String after = "0";
    int pages = 0;
    while (after != null) {
      JsonObject page = told(run, "events?after=" + after);
      JsonArray events = page.getJsonArray("events");
      for (int i = 0; i < events.size(); i++) {
        String name = events.getJsonObject(i).getString("name");
        numbers.append(name, 0, name.indexOf(' ')).append(' ');
      }
      after = page.getString("next");
      pages++;
    }

    assertThat(pages).isGreaterThan(1);
    assertThat(numbers.toString().strip())
        .isEqualTo(
            IntStream.range(0, 200).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
  }

  @Test
  void tracesComeAfterTheRunIsDoneToo() {
    String run = server.trigger("task_a", "{}");
    server.patch(run, "{\"status\":\"CANCELED\"}");

    assertThat(sent("/otel/v1/traces", spans(span(run, "late", "", ended())))).isEmpty();

    assertThat(told(run, "events").getJsonArray("events")).hasSize(1);
  }

  @Test
  void theyAreNotAmongTheStreamsOfTheRun() {
    String run = server.trigger("task_a", "{}");
    sent("/otel/v1/traces", spans(span(run, "a", "", ended())));

    assertThat(server.query("select realtime_streams::text from run where id = '" + run + "'"))
        .containsExactly("{}");
    assertThat(StreamKey.accepts("$$trace")).isFalse();
    assertThat(
            StreamSelection.ALL.takes(
                StreamKey.trace(new EnvironmentId("env_dev"), new RunId(run))))
        .isFalse();
  }

  @Test
  void whatIsLeftOutIsToldAsPartialSuccess() {
    String run = server.trigger("task_a", "{}");

    JsonObject answer =
        sent(
            "/otel/v1/traces",
            spans(span(run, "a", "", ended()), span("run_unknown", "b", "", ended()), "7"));

    assertThat(answer.getJsonObject("partialSuccess").getString("rejectedSpans")).isEqualTo("2");
    assertThat(told(run, "events").getJsonArray("events")).hasSize(1);
  }

  @Test
  void aTaskOnTheSameMachineNeedsNoCredentialAndNobodyElseDoesWithout() {
    String run = server.trigger("task_a", "{}");
    String body = spans(span(run, "a", "", ended()));

    assertThat(server.call("POST", "/otel/v1/traces").as(null).json(body).send().status())
        .isEqualTo(200);
    assertThat(told(run, "events").getJsonArray("events")).hasSize(1);
    for (String header : List.of("x-forwarded-for", "forwarded", "via", "x-real-ip", "origin")) {
      Reply refused =
          server
              .call("POST", "/otel/v1/traces")
              .as(null)
              .headers("content-type", "application/json", header, "http://a.b")
              .body(java.net.http.HttpRequest.BodyPublishers.ofString(body))
              .send();
      assertThat(refused.status()).as(header).isEqualTo(401);
    }
    assertThat(server.call("POST", "/otel/v1/traces").as("tr_dev_wrong").json(body).send().status())
        .isEqualTo(401);
    assertThat(
            server
                .call("POST", "/otel/v1/traces")
                .as(ApiServer.token("write:runs"))
                .json(body)
                .send()
                .status())
        .isEqualTo(403);
    assertThat(
            server
                .call("POST", "/otel/v1/traces")
                .as(ApiServer.token("write:traces"))
                .json(body)
                .send()
                .status())
        .isEqualTo(200);
  }

  @Test
  void aCredentialWritesToItsOwnEnvironmentWhateverTheSpansSay() {
    String run = server.trigger("task_a", "{}");
    String body = spans(span(run, "a", "", ended()).replace("env_dev", "env_other"));

    assertThat(sent("/otel/v1/traces", body)).isEmpty();

    assertThat(told(run, "events").getJsonArray("events")).hasSize(1);
  }

  @Test
  void otherFormsOfOtlpAreRefusedByNameOfTheSetting() {
    for (String[] headers :
        new String[][] {
          {"content-type", "application/x-protobuf"},
          {"content-type", "application/json", "content-encoding", "gzip"}
        }) {
      Reply reply =
          server
              .call("POST", "/otel/v1/logs")
              .headers(headers)
              .body(java.net.http.HttpRequest.BodyPublishers.ofString("{}"))
              .send();
      assertThat(reply.status()).isEqualTo(415);
      assertThat(reply.error()).contains("OTEL_EXPORTER_OTLP_PROTOCOL=http/json");
    }
    assertThat(server.call("POST", "/otel/v1/logs").json("{").send().status()).isEqualTo(400);
    assertThat(server.call("POST", "/otel/v1/logs").json("[]").send().status()).isEqualTo(400);
    assertThat(sent("/otel/v1/metrics", "{\"resourceMetrics\":[]}")).isEmpty();
  }

  @Test
  void whatIsBeyondTheMostOfARunIsLeftOut() {
    String run = server.trigger("task_a", "{}");
    sent("/otel/v1/logs", logs(log(run, "", "first")));
    server.query(
        "update stream set next_seq = 19999 where run_id = '" + run + "' returning next_seq");

    JsonObject answer = sent("/otel/v1/logs", logs(log(run, "", "second"), log(run, "", "third")));

    assertThat(answer.getJsonObject("partialSuccess").getString("rejectedLogRecords"))
        .isEqualTo("1");
  }
}
