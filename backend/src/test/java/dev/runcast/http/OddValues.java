package dev.runcast.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values that nobody should send, and where routes read any. */
final class OddValues {
  private static final String LONG = "x".repeat(5_000);

  static final List<String> VALUES =
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
  static final Map<String, String> WHOLE = new LinkedHashMap<>();

  static {
    String options =
        """
        {"queue":{"name":"q"},"concurrencyKey":"c","delay":"1h","ttl":"2h",
         "idempotencyKey":"k","idempotencyKeyTTL":"1h","idempotencyKeyOptions":{"key":"k","scope":"run"},
         "machine":"micro","maxAttempts":1,"maxDuration":60,"priority":1,"region":"eu",
         "metadata":{"m":1},"metadataType":"application/json","payloadType":"application/json",
         "payloadSize":1,"tags":["t"],"test":true,"lockToVersion":"1","parentRunId":"run_a",
         "parentBatch":"batch_a","resumeParentOnCompletion":true,"debounce":{"key":"d","delay":"1s","mode":"trailing","maxDelay":"1h"}}""";
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
        "POST /api/v1/projects/:project/background-workers",
        "{\"metadata\":{\"contentHash\":\"odd\",\"packageVersion\":\"4\",\"runtime\":\"node\","
            + "\"queues\":[{\"name\":\"q\",\"concurrencyLimit\":1}],\"tasks\":[{\"id\":\"task_odd\","
            + "\"filePath\":\"o.ts\",\"exportName\":\"o\",\"queue\":{\"name\":\"q\",\"concurrencyLimit\":1},"
            + "\"retry\":{\"maxAttempts\":2,\"factor\":2},\"machine\":{\"preset\":\"micro\"},"
            + "\"maxDuration\":5,\"ttl\":\"1h\",\"schedule\":{\"cron\":\"@daily\",\"timezone\":\"UTC\"},"
            + "\"payloadSchema\":{\"type\":\"object\"}}]}}");
    WHOLE.put(
        "POST /engine/v1/dev/runs/:runId/snapshots/:snapshot/attempts/complete",
        "{\"completion\":{\"ok\":false,\"id\":\"run_busy\",\"output\":\"1\","
            + "\"outputType\":\"application/json\",\"error\":{\"type\":\"INTERNAL_ERROR\","
            + "\"code\":\"TASK_EXECUTION_FAILED\",\"message\":\"m\"},"
            + "\"retry\":{\"timestamp\":1,\"delay\":1},\"skippedRetrying\":false,"
            + "\"flushedMetadata\":{\"data\":\"{}\",\"dataType\":\"application/super+json\"}}}");
    WHOLE.put(
        "POST /api/v1/auth/public-tokens",
        "{\"scopes\":[\"read:runs\"],\"expirationTime\":\"1h\",\"oneTimeUse\":true,"
            + "\"realtime\":{\"skipColumns\":[\"payload\"]}}");
    WHOLE.put(
        "POST /api/v1/auth/jwt",
        "{\"claims\":{\"scopes\":[\"read:runs\"]},\"expirationTime\":1999999999}");
  }

  /** The parameters that routes read, by how their calls begin. */
  static final Map<String, List<String>> PARAMETERS =
      Map.of(
          "GET /api/v1/runs?",
          List.of(
              "filter[id]",
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
              "page[before]",
              "page[skip]"),
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
              "page[before]",
              "page[skip]"),
          "GET /api/v1/queues",
          List.of("page", "perPage", "type"),
          "GET /api/v1/runs/run_a/events",
          List.of("after"),
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

  static final List<String> IN_A_QUERY =
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

  static final List<String> HEADERS =
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

  static final List<String> IN_A_HEADER = List.of("", "x", "-1", "%00", "\u00e9", LONG);

  private OddValues() {}
}
