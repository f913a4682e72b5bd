package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.http.Caller.Reply;
import dev.runcast.http.RouteTable.Kind;
import dev.runcast.http.RouteTable.Sample;
import dev.runcast.http.RouteTable.Trait;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every member of the bodies, every parameter and every header that routes read, one at a time,
 * with values of all sorts: each is taken or refused, and whatever was taken can be read.
 */
class OddValuesIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LONG = "x".repeat(5_000);

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "-1",
          "0",
          "1.5",
          "1e400",
          "9007199254740993",
          "\"\"",
          "\" \"",
          "\"a\\u0000b\"",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "\"\\ud83c\\udf00\"",
          "\"" + LONG + "\"",
          "\"$.__proto__.polluted\"",
          "\"$.a.constructor.prototype\"",
          "\"999999999d\"",
          "\"0000-00-00\"",
          "\"+999999999-12-31T23:59:59Z\"",
          "[]",
          "[[]]",
          "[null]",
          "[\"\\u0000\"]",
          "{}",
          "{\"__proto__\":{\"polluted\":true},\"constructor\":{\"prototype\":1}}",
          "{\"\":1,\"a\\u0000\":\"\\ud800\"}");

  /** Bodies with all that routes read. */
  private static final Map<String, String> WHOLE = new LinkedHashMap<>();

  static {
    String options =
        """
        {"queue":{"name":"q"},"concurrencyKey":"c","delay":"1h","ttl":"2h",
         "idempotencyKey":"k","idempotencyKeyTTL":"1h","idempotencyKeyOptions":{"key":"k","scope":"run"},
         "machine":"micro","maxAttempts":1,"maxDuration":60,"priority":1,"region":"eu",
         "metadata":{"m":1},"metadataType":"application/json","payloadType":"application/json",
         "payloadSize":1,"tags":["t"],"test":true,"lockToVersion":"1","parentRunId":"run_a",
         "parentBatch":"batch_a","resumeParentOnCompletion":true,"debounce":{"key":"d","delay":"1s"}}""";
    String operations =
        """
        [{"type":"set","key":"a","value":1},{"type":"append","key":"b","value":1},
         {"type":"remove","key":"b","value":1},{"type":"increment","key":"n","value":1},
         {"type":"delete","key":"a"},{"type":"update","value":{"u":1}}]""";
    String metadata =
        "\"metadata\":{\"a\":1},\"operations\":%1$s,\"parentOperations\":%1$s,\"rootOperations\":%1$s"
            .formatted(operations);
    WHOLE.put(
        "POST /api/v1/tasks/:task/trigger", "{\"payload\":{\"p\":1},\"options\":" + options + "}");
    WHOLE.put(
        "POST /api/v1/runs/:runId/replay",
        "{\"payload\":{\"p\":1},\"payloadType\":\"application/json\",\"metadata\":{},\"tags\":[\"t\"],"
            + "\"queue\":\"q\",\"machine\":\"micro\",\"delay\":\"1h\",\"ttl\":\"1h\",\"priority\":1}");
    WHOLE.put(
        "PATCH /api/v1/runs/:runId",
        "{\"status\":\"EXECUTING\",\"output\":{\"o\":1},\"outputType\":\"application/json\","
            + "\"error\":{\"type\":\"BUILT_IN_ERROR\",\"name\":\"E\",\"message\":\"m\","
            + "\"stackTrace\":\"s\",\"causes\":[{\"message\":\"c\"}]},\"tags\":[\"t\"],"
            + metadata
            + "}");
    WHOLE.put("PUT /api/v1/runs/:runId/metadata", "{" + metadata + "}");
    WHOLE.put(
        "POST /api/v3/batches",
        "{\"runCount\":1,\"taskIdentifiers\":[\"task_a\"],\"parentRunId\":\"run_a\","
            + "\"resumeParentOnCompletion\":true,\"idempotencyKey\":\"bk\"}");
    String item = "{\"index\":1,\"task\":\"task_a\",\"payload\":1,\"options\":" + options + "}";
    WHOLE.put("POST /api/v3/batches/:batchId/items", item);
    WHOLE.put("POST /api/v1/tasks/batch", "{\"items\":[" + item + "],\"parentRunId\":\"run_a\"}");
    WHOLE.put("POST /api/v2/tasks/batch", "{\"items\":[" + item + "],\"parentRunId\":\"run_a\"}");
    WHOLE.put(
        "POST /api/v1/waitpoints/tokens",
        "{\"idempotencyKey\":\"w\",\"idempotencyKeyTTL\":\"1h\",\"timeout\":\"1h\",\"tags\":[\"t\"]}");
    WHOLE.put(
        "POST /api/v1/auth/public-tokens",
        "{\"scopes\":[\"read:runs\"],\"expirationTime\":\"1h\",\"oneTimeUse\":true,"
            + "\"realtime\":{\"skipColumns\":[\"payload\"]}}");
    WHOLE.put(
        "POST /api/v1/auth/jwt",
        "{\"claims\":{\"scopes\":[\"read:runs\"]},\"expirationTime\":1999999999}");
  }

  /** The parameters that routes read, by how their calls begin. */
  private static final Map<String, List<String>> PARAMETERS =
      Map.of(
          "GET /api/v1/runs?",
          List.of(
              "filter[status]",
              "filter[taskIdentifier]",
              "filter[version]",
              "filter[bulkAction]",
              "filter[tag]",
              "filter[schedule]",
              "filter[isTest]",
              "filter[createdAt][from]",
              "filter[createdAt][to]",
              "filter[createdAt][period]",
              "filter[batch]",
              "filter[queue]",
              "filter[machine]",
              "filter[region]",
              "page[size]",
              "page[after]",
              "page[before]"),
          "GET /api/v1/waitpoints/tokens?",
          List.of(
              "filter[status]",
              "filter[tags]",
              "filter[idempotencyKey]",
              "filter[createdAt][from]",
              "filter[createdAt][to]",
              "filter[createdAt][period]",
              "page[size]",
              "page[after]",
              "page[before]"),
          "GET /api/v1/queues",
          List.of("page", "perPage", "type"),
          "GET /api/v1/packet-contents",
          List.of("access_token"),
          "POST /api/v1/waitpoints/tokens/waitpoint_a/callback",
          List.of("secret"),
          "GET /realtime/",
          List.of(
              "tags",
              "tag",
              "parent",
              "createdAt",
              "skipColumns",
              "stopOnCompletion",
              "sample",
              "after",
              "offset",
              "handle",
              "cursor",
              "log",
              "access_token"));

  private static final List<String> IN_A_QUERY =
      List.of(
          "",
          "%00",
          "a%00b",
          "%ED%A0%80",
          "%C3%28",
          "%F0%9F%98%80",
          "-1",
          "0",
          "1",
          "1.5",
          "99999999999999999999",
          "999999999d",
          "now",
          "-1_0",
          "0_inf",
          "a,,b",
          ",",
          "[]",
          "%25",
          "__proto__",
          LONG.substring(0, 2_000),
          "MS4x",
          "MTcwNDA3MDgwMDAwMDAwMC5ydW5fYS4x");

  private static final List<String> HEADERS =
      List.of(
          "x-trigger-request-idempotency-key",
          "idempotency-key",
          "idempotency-key-ttl",
          "if-match",
          "last-event-id",
          "trigger-version",
          "x-trigger-api-version",
          "x-trigger-client",
          "x-trigger-branch",
          "x-trigger-electric-version",
          "x-forwarded-host",
          "x-forwarded-proto",
          "accept",
          "cache-control",
          "traceparent",
          "x-part-id",
          "timeout-seconds");

  private static final List<String> IN_A_HEADER = List.of("", "x", "-1", "%00", "\u00e9", LONG);

  private static WholeServer server;
  private static Caller caller;

  @BeforeAll
  static void start() {
    server = new WholeServer();
    server.postgres.execute(RouteTable.SUBJECTS);
    caller = new Caller(server.port());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<Sample> bodies() {
    return RouteTable.SAMPLES.stream()
        .filter(Sample::hasBody)
        .filter(sample -> sample.contents().kind() != Kind.BYTES)
        .map(sample -> sample.with(WHOLE.getOrDefault(sample.route(), sample.contents().text())));
  }

  static Stream<Sample> calls() {
    return RouteTable.calls();
  }

  @Test
  void everyRouteIsTried() {
    assertThat(RouteTable.routes()).isEqualTo(server.routes()).containsAll(WHOLE.keySet());
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void eachMemberOfABodyIsTakenOrRefused(Sample sample) {
    List<String> others = new ArrayList<>();
    JsonNode whole = read(sample.contents().text());
    for (String value : VALUES) {
      others.add(value);
      replaceEach(whole, read(value), changed -> others.add(changed.toString()));
    }
    for (String other : others) {
      Reply reply = caller.call(sample, WholeServer.SECRET, BodyPublishers.ofString(other));
      Refusals.answered(sample + " " + (other.length() < 500 ? other : other.length()), reply);
    }
    whatIsStoredCanBeRead();
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts a value in the place of each member and element in turn, however deep. */
  private static void replaceEach(JsonNode whole, JsonNode value, Consumer<JsonNode> then) {
    replaceWithin(whole, whole, value, then);
  }

  private static void replaceWithin(
      JsonNode whole, JsonNode within, JsonNode value, Consumer<JsonNode> then) {
    if (within instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      for (Iterator<String> each = object.fieldNames(); each.hasNext(); ) {
        names.add(each.next());
      }
      for (String name : names) {
        JsonNode before = object.get(name);
        object.set(name, value);
        then.accept(whole);
        object.set(name, before);
        replaceWithin(whole, before, value, then);
      }
    } else if (within instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        JsonNode before = array.get(i);
        array.set(i, value);
        then.accept(whole);
        array.set(i, before);
        replaceWithin(whole, before, value, then);
      }
    }
  }

  private static void whatIsStoredCanBeRead() {
    for (String list : new String[] {"/api/v1/runs", "/api/v1/waitpoints/tokens"}) {
      Sample listing =
          RouteTable.SAMPLES.stream()
              .filter(each -> each.toString().equals("GET " + list))
              .findFirst()
              .orElseThrow();
      Reply page = caller.call(listing.at(list + "?page%5Bsize%5D=100"), WholeServer.SECRET);
      assertThat(page.status()).as(page.toString()).isEqualTo(200);
      JsonArray found = new JsonObject(page.body()).getJsonArray("data");
      String one = list.equals("/api/v1/runs") ? "/api/v3/runs/" : list + "/";
      for (Object each : found) {
        String path = one + ((JsonObject) each).getString("id");
        assertThat(caller.call(listing.at(path), WholeServer.SECRET).status())
            .as(path)
            .isEqualTo(200);
      }
    }
  }

  static Stream<Arguments> parameters() {
    return RouteTable.calls()
        .map(sample -> sample.at(sample.path() + (sample.path().contains("?") ? "&" : "?")))
        .flatMap(
            sample ->
                PARAMETERS.entrySet().stream()
                    .filter(entry -> sample.toString().startsWith(entry.getKey()))
                    .flatMap(entry -> entry.getValue().stream())
                    .map(name -> Arguments.of(sample, name)));
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void eachParameterIsTakenOrRefused(Sample sample, String parameter) {
    String name = parameter.replace("[", "%5B").replace("]", "%5D");
    for (String value : IN_A_QUERY) {
      Sample odd = sample.at(sample.path() + name + "=" + value);
      Reply reply = call(odd);
      if (reply.status() != 409) {
        Refusals.answered(odd.toString(), reply);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void eachHeaderIsTakenOrRefused(Sample sample) {
    for (String header : HEADERS) {
      for (String value : IN_A_HEADER) {
        Reply reply =
            header.equals("accept")
                ? caller.call(sample, WholeServer.SECRET, header, value)
                : call(sample, header, value);
        if (reply.status() != 412) {
          Refusals.answered(sample + " " + header + ": " + value, reply);
        }
      }
    }
  }

  private static Reply call(Sample sample, String... headers) {
    if (!sample.is(Trait.FEED)) {
      return caller.call(sample, WholeServer.SECRET, headers);
    }
    List<String> all = new ArrayList<>(List.of("accept", "text/event-stream"));
    all.addAll(List.of(headers));
    return caller.call(sample, WholeServer.SECRET, all.toArray(String[]::new));
  }
}
