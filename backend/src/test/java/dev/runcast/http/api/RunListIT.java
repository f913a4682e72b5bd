package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RunListIT {
  @RegisterExtension static final ApiServer server = new ApiServer();

  /**
   * Twelve runs, r00 the oldest; three of each odd and even pair are created in the same instant.
   */
  @BeforeAll
  static void start() {
    server.postgres.execute(
        """
        insert into run (environment_id, id, task_identifier, created_at, status, tags,
            locked_version, queue, machine, region, is_test, batch_id, payload, metadata)
          select 'env_dev', 'r' || lpad(n::text, 2, '0'), 'task_' || n % 3,
            timestamptz '2024-01-01T00:00:00.123456Z' + (n / 4) * interval '1 hour',
            (array['PENDING', 'EXECUTING', 'RETRYING_AFTER_FAILURE', 'COMPLETED_SUCCESSFULLY'])[1 + n % 4],
            array['t' || n % 2, 'n' || n], 'v' || n % 2, 'task/task_' || n % 3, 'micro', 'eu',
            n = 5, case when n < 2 then 'batch_1' end, '"secret"', '{"n":' || n || '}'
          from generate_series(0, 11) n;
        insert into run (environment_id, id, task_identifier) values ('env_other', 'foreign', 'task_0');
        insert into run (environment_id, id, task_identifier, status)
          values ('env_dev', 'gone', 'task_0', 'DELETED')""");
  }

  @Test
  void theNewestComeFirstWithWhatListsShow() {
    JsonObject page = list("page[size]=1").json();

    assertThat(page.getJsonArray("data")).hasSize(1);
    JsonObject run = page.getJsonArray("data").getJsonObject(0);
    assertThat(run.getString("id")).isEqualTo("r11");
    assertThat(run.getJsonObject("env"))
        .isEqualTo(new JsonObject().put("id", "env_dev").put("name", "dev"));
    assertThat(run.getJsonObject("metadata").getInteger("n")).isEqualTo(11);
    assertThat(run.getString("createdAt")).isEqualTo("2024-01-01T02:00:00.123Z");
    assertThat(run.containsKey("payload")).isFalse();
    assertThat(list("").header("x-runcast-cursor")).isNotNull();
  }

  @Test
  void pagesLeadThereAndBackAgain() {
    Pages pages = Pages.of(5, query -> list(query).json());

    assertThat(pages.there())
        .containsExactly(
            "r11", "r10", "r09", "r08", "r07", "r06", "r05", "r04", "r03", "r02", "r01", "r00");
    assertThat(pages.back())
        .containsExactly("r02", "r03", "r04", "r05", "r06", "r07", "r08", "r09", "r10", "r11");
  }

  /** The official client keeps the cursor of the page that it turns away from. */
  @Test
  void ofTwoCursorsTheOneThatWasGivenLastCounts() {
    JsonObject first = list("page[size]=3").json();
    String after = Pages.cursor(first, "next");
    JsonObject second = list("page[size]=3&page[after]=" + after).json();
    String before = Pages.cursor(second, "previous");

    JsonObject back =
        list("page[size]=3&page[after]=%s&page[before]=%s".formatted(after, before)).json();
    String again = Pages.cursor(back, "next");
    JsonObject forth =
        list("page[size]=3&page[after]=%s&page[before]=%s".formatted(again, before)).json();

    assertThat(Pages.ids(back)).isEqualTo(Pages.ids(first));
    assertThat(Pages.ids(forth)).isEqualTo(Pages.ids(second)).containsExactly("r08", "r07", "r06");
  }

  @Test
  void rowsArePassedOverInTheDirectionOfThePage() {
    JsonObject far = list("page[size]=2&page[skip]=5").json();
    assertThat(Pages.ids(far)).containsExactly("r06", "r05");
    String next = Pages.cursor(far, "next");
    JsonObject last = list("page[size]=2&page[skip]=3&page[after]=" + next).json();
    assertThat(Pages.ids(last)).containsExactly("r01", "r00");
    assertThat(last.getJsonObject("pagination").containsKey("next")).isFalse();
    String previous = Pages.cursor(last, "previous");
    JsonObject back = list("page[size]=2&page[skip]=8&page[before]=" + previous).json();

    assertThat(Pages.ids(back)).containsExactly("r11", "r10");
    assertThat(back.getJsonObject("pagination").containsKey("previous")).isFalse();
    assertThat(far.getJsonObject("pagination").containsKey("passed")).isFalse();
  }

  @Test
  void whoPassesOverMoreRowsThanThereAreIsToldHowMany() {
    JsonObject none = new JsonObject("{\"data\":[],\"pagination\":{\"passed\":12}}");
    assertThat(list("page[skip]=12").json()).isEqualTo(none);
    assertThat(list("page[skip]=10000").json()).isEqualTo(none);

    String next = Pages.cursor(list("page[size]=5").json(), "next");
    JsonObject far = list("page[skip]=100&page[after]=" + next).json();
    assertThat(far.getJsonObject("pagination").getLong("passed")).isEqualTo(7);
    JsonObject narrowed = list("filter[id]=none&page[skip]=5").json();
    assertThat(narrowed.getJsonObject("pagination").getLong("passed")).isZero();
  }

  @Test
  void aLongAnswerIsCompressedForWhoTakesIt() throws Exception {
    HttpResponse<byte[]> packed = bytes("filter[id]=r", "gzip, br");
    HttpResponse<byte[]> plain = bytes("filter[id]=r", "br");

    assertThat(packed.headers().firstValue("content-encoding")).hasValue("gzip");
    assertThat(packed.headers().firstValue("vary")).hasValue("accept-encoding");
    assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
        .isEqualTo(plain.body());
    assertThat(plain.headers().firstValue("content-encoding")).isEmpty();
    assertThat(packed.body().length).isLessThan(plain.body().length / 3);
    assertThat(bytes("filter[id]=none", "gzip").headers().firstValue("content-encoding")).isEmpty();
  }

  @Test
  void aWholeListHasNoOtherPages() {
    assertThat(list("").json().getJsonObject("pagination")).isEqualTo(new JsonObject());
    assertThat(list("filter[taskIdentifier]=none").json())
        .isEqualTo(new JsonObject("{\"data\":[],\"pagination\":{}}"));
  }

  @Test
  void everyFilterFilters() {
    assertThat(found("filter[status]=QUEUED")).containsExactly("r08", "r04", "r00");
    assertThat(found("filter[status]=EXECUTING"))
        .containsExactly("r10", "r09", "r06", "r05", "r02", "r01");
    assertThat(found("filter[status]=COMPLETED,QUEUED&filter[tag]=n3,n4,n5"))
        .containsExactly("r04", "r03");
    assertThat(found("filter[taskIdentifier]=task_1")).containsExactly("r10", "r07", "r04", "r01");
    assertThat(found("filter[taskIdentifier]=task_1,task_2&filter[version]=v1"))
        .containsExactly("r11", "r07", "r05", "r01");
    assertThat(found("filter[tag]=n3,n7")).containsExactly("r07", "r03");
    assertThat(found("filter[isTest]=true")).containsExactly("r05");
    assertThat(found("filter[isTest]=false")).hasSize(11);
    assertThat(found("filter[batch]=batch_1")).containsExactly("r01", "r00");
    assertThat(found("filter[queue]=task/task_2&filter[machine]=micro&filter[region]=eu"))
        .containsExactly("r11", "r08", "r05", "r02");
    assertThat(found("filter[machine]=large-1x")).isEmpty();
    assertThat(found("filter[id]=r0")).hasSize(10).startsWith("r09").endsWith("r00");
    assertThat(found("filter[id]=r1,r03")).containsExactly("r11", "r10", "r03");
    assertThat(found("filter[id]=r1&filter[tag]=t1")).containsExactly("r11");
    assertThat(found("filter[id]=R1,g,foreign,r1%,r_,é,r{")).isEmpty();
    assertThat(found("filter[createdAt][from]=1704070800123&filter[createdAt][to]=1704070800124"))
        .containsExactly("r07", "r06", "r05", "r04");
    assertThat(found("filter[createdAt][to]=2024-01-01T00:30:00Z")).hasSize(4);
    assertThat(found("filter[createdAt][period]=1h")).isEmpty();
    assertThat(found("filter[createdAt][period]=36000d")).hasSize(12);
  }

  @Test
  void malformedQueriesAreRefusedWithTheParameter() {
    for (String query :
        List.of(
            "page[size]=0",
            "page[size]=101",
            "page[size]=x",
            "page[skip]=-1",
            "page[skip]=1000001",
            "page[after]=!",
            "page[after]=YQ",
            "page[before]=YQ",
            "filter[status]=DONE",
            "filter[status]=DELETED",
            "filter[isTest]=maybe",
            "filter[createdAt][from]=yesterday",
            "filter[createdAt][period]=1y",
            "filter[bulkAction]=b")) {
      Reply reply = list(query);
      assertThat(reply.status()).as(query).isEqualTo(400);
      assertThat(reply.json().getString("param")).isEqualTo(query.split("=", 2)[0]);
    }
    assertThat(list("page[after]=MS5yLjE&page[before]=MS5yLjE").status()).isEqualTo(400);
    assertThat(list("page[after]=MS5yLjE").status()).isEqualTo(200);
    assertThat(list("filter[tag]=" + "t,".repeat(101).replace("t,", "")).status()).isEqualTo(200);
  }

  @Test
  void onlyScopesForAllRunsOrEveryTaskAskedForList() {
    assertThat(listAs("read:runs", "")).isEqualTo(200);
    assertThat(listAs("read:tasks", "")).isEqualTo(200);
    assertThat(listAs("read:tasks:task_1", "filter[taskIdentifier]=task_1")).isEqualTo(200);
    assertThat(listAs("read:tasks:task_1", "filter[taskIdentifier]=task_1,task_2")).isEqualTo(403);
    assertThat(listAs("read:tasks:task_1", "")).isEqualTo(403);
    assertThat(listAs("read:runs:r01", "")).isEqualTo(403);
  }

  private static int listAs(String scope, String query) {
    return server
        .call("GET", "/api/v1/runs?" + encoded(query))
        .as(ApiServer.token(scope))
        .send()
        .status();
  }

  private static Reply list(String query) {
    return server.call("GET", "/api/v1/runs?" + encoded(query)).send();
  }

  /** As it comes over the wire. */
  private static HttpResponse<byte[]> bytes(String query, String encodings) throws Exception {
    String path = "http://127.0.0.1:" + server.port() + "/api/v1/runs?" + encoded(query);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(path))
            .header("authorization", "Bearer " + ApiServer.SECRET)
            .header("accept-encoding", encodings)
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  private static List<String> found(String query) {
    Reply reply = list(query);
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
    return Pages.ids(reply.json());
  }

  private static String encoded(String query) {
    return Arrays.stream(query.split("&"))
        .map(pair -> pair.split("=", 2))
        .map(pair -> encode(pair[0]) + "=" + (pair.length > 1 ? encode(pair[1]) : ""))
        .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
