package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WaitpointListIT {
  @RegisterExtension static final ApiServer server = new ApiServer();

  /** Nine waitpoints, w0 the oldest; each three are created in the same instant. */
  @BeforeAll
  static void start() {
    server.postgres.execute(
        """
        insert into waitpoint (environment_id, id, callback, status, created_at, completed_at, tags,
            idempotency_key, output, output_type)
          select 'env_dev', 'w' || n, 'c' || n, s.status,
            timestamptz '2024-01-01T00:00:00.123456Z' + (n / 3) * interval '1 hour',
            case when s.status <> 'WAITING' then now() end,
            array['t' || n % 2, 'n' || n], 'k,' || n, '"secret"', 'application/json'
          from generate_series(0, 8) n,
            lateral (select (array['WAITING', 'COMPLETED', 'TIMED_OUT'])[1 + n % 3]) s (status);
        insert into waitpoint (environment_id, id, callback) values ('env_other', 'foreign', 'f')""");
  }

  private static Reply list(String query) {
    return server
        .call("GET", "/api/v1/waitpoints/tokens?" + query.replace("[", "%5B").replace("]", "%5D"))
        .send();
  }

  @Test
  void theNewestComeFirstWithoutTheirOutputs() {
    JsonObject page = list("page[size]=1").json();

    JsonObject token = page.getJsonArray("data").getJsonObject(0);
    assertThat(token.fieldNames())
        .containsExactlyInAnyOrder(
            "id", "url", "status", "completedAt", "idempotencyKey", "tags", "createdAt");
    assertThat(token.getString("id")).isEqualTo("w8");
    assertThat(token.getString("createdAt")).isEqualTo("2024-01-01T02:00:00.123Z");
  }

  @Test
  void whoHasTheKeyIsToldWhichRunsWait() {
    server.postgres.execute(
        """
        insert into wait (environment_id, run_id, id, kind, target, delivered)
          values ('env_dev', 'run_1', 'w6', 'MANUAL', 'w6', null),
            ('env_dev', 'run_2', 'w6', 'MANUAL', 'w6', null),
            ('env_dev', 'run_3', 'w6', 'MANUAL', 'w6', 7)""");

    JsonObject listed = list("filter[tags]=n6").json().getJsonArray("data").getJsonObject(0);
    JsonObject one = server.call("GET", "/api/v1/waitpoints/tokens/w6").send().json();
    JsonObject byToken =
        server
            .call("GET", "/api/v1/waitpoints/tokens/w6")
            .as(ApiServer.token("read:waitpoints:w6"))
            .send()
            .json();

    assertThat(listed.getJsonArray("waitingRuns")).containsExactly("run_1", "run_2");
    assertThat(one.getJsonArray("waitingRuns")).containsExactly("run_1", "run_2");
    assertThat(byToken.containsKey("waitingRuns")).isFalse();
  }

  @Test
  void pagesLeadThereAndBackAgain() {
    Pages pages = Pages.of(4, query -> list(query).json());

    assertThat(pages.there()).containsExactly("w8", "w7", "w6", "w5", "w4", "w3", "w2", "w1", "w0");
    assertThat(pages.back()).containsExactly("w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "filter[status]=WAITING | w6 w3 w0",
        "filter[status]=COMPLETED,TIMED_OUT | w8 w7 w5 w4 w2 w1",
        "filter[tags]=n1,n2 | w2 w1",
        "filter[tags]=t0&filter[status]=WAITING | w6 w0",
        "filter[createdAt][from]=1704070800123 | w8 w7 w6 w5 w4 w3",
        "filter[createdAt][to]=2024-01-01T00:30:00Z | w2 w1 w0",
        "filter[createdAt][from]=1704069000000&filter[createdAt][to]=1704072600000 | w5 w4 w3",
        "filter[tags]=nobody | ''"
      })
  void filtersNarrow(String query, String expected) {
    assertThat(String.join(" ", Pages.ids(list(query).json()))).isEqualTo(expected);
  }

  @Test
  void aKeyIsOneValueEvenWithACommaInIt() {
    String key = URLEncoder.encode("k,4", StandardCharsets.UTF_8);

    assertThat(Pages.ids(list("filter[idempotencyKey]=" + key).json())).containsExactly("w4");
    assertThat(Pages.ids(list("filter[createdAt][period]=1h").json())).isEmpty();
    assertThat(Pages.ids(list("filter[createdAt][period]=5200w").json())).hasSize(9);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "filter[status]=DONE",
        "filter[createdAt][from]=yesterday",
        "filter[createdAt][period]=long",
        "filter[idempotencyKey]=%00",
        "filter[tags]=%00",
        "page[size]=0",
        "page[after]=nonsense"
      })
  void refusesWhatItCannotUnderstand(String query) {
    Reply refused = list(query);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error()).contains(query.substring(0, query.indexOf('=')));
  }
}
