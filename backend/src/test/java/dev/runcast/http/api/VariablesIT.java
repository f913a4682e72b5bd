package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VariablesIT {
  private static final String ALL = "/api/v1/projects/proj_p/envvars/dev";

  private ApiServer server;

  @BeforeEach
  void start() {
    server = new ApiServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Reply send(String method, String path, String body) {
    ApiServer.Call call = server.call(method, path);
    return (body == null ? call : call.json(body)).send();
  }

  private JsonObject done(String method, String path, String body) {
    Reply reply = send(method, path, body);
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
    return reply.json();
  }

  private String error(String method, String path, String body, int status) {
    Reply reply = send(method, path, body);
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(status);
    return reply.error();
  }

  private String all() {
    JsonArray all = new JsonArray(send("GET", ALL, null).response().body());
    return IntStream.range(0, all.size())
        .mapToObj(all::getJsonObject)
        .map(each -> each.getString("name") + "=" + each.getString("value"))
        .collect(Collectors.joining(" "));
  }

  private static String variable(String name, String value) {
    return new JsonObject().put("name", name).put("value", value).encode();
  }

  @Test
  void aVariableIsSetToldChangedAndRemoved() {
    assertThat(done("POST", ALL, variable("B", "ü\n=\"x\"")).getBoolean("success")).isTrue();
    done("POST", ALL, variable("A", ""));

    assertThat(done("GET", ALL + "/B", null))
        .isEqualTo(
            new JsonObject().put("name", "B").put("value", "ü\n=\"x\"").put("isSecret", false));
    assertThat(all()).isEqualTo("A= B=ü\n=\"x\"");

    assertThat(done("PUT", ALL + "/A", "{\"value\":\"2\"}").getBoolean("success")).isTrue();
    assertThat(done("DELETE", ALL + "/B", null).getBoolean("success")).isTrue();
    assertThat(all()).isEqualTo("A=2");
    for (String method : List.of("GET", "DELETE")) {
      assertThat(error(method, ALL + "/B", null, 404)).contains("B");
    }
    assertThat(error("PUT", ALL + "/B", "{\"value\":\"2\"}", 404)).contains("B");
  }

  @Test
  void aSecretIsNeverToldAndStaysSecret() {
    done("POST", ALL, "{\"name\":\"KEY\",\"value\":\"hush hush\",\"isSecret\":true}");
    done("PUT", ALL + "/KEY", "{\"value\":\"even more\"}");
    done("POST", ALL, variable("KEY", "and more"));

    Reply one = send("GET", ALL + "/KEY", null);

    assertThat(one.json().getString("value")).isEqualTo("<redacted>");
    assertThat(one.json().getBoolean("isSecret")).isTrue();
    assertThat(all()).isEqualTo("KEY=<redacted>");
  }

  @Test
  void nothingInTheDatabaseTellsAValue() {
    String[] key = {"x-trigger-request-idempotency-key", "k"};
    String body = variable("PLAIN", "zebra");
    server.call("POST", ALL).headers(key).json(body).send();
    done("POST", ALL, "{\"name\":\"SECRET\",\"value\":\"zebra\",\"isSecret\":true}");

    List<String> counts =
        server.query(
            """
            select (select count(*) from environment_variable v
                where position('zebra'::bytea in v.sealed) > 0 or v::text like '%%zebra%%'),
              (select count(*) from request_result r
                where r.body_digest = sha256('%s'::bytea) or r::text like '%%zebra%%'),
              (select count(*) from environment_variable), (select count(*) from request_result)"""
                .formatted(body));

    assertThat(counts).containsExactly("0", "0", "2", "1");
  }

  @Test
  void aValueMovedToAnotherRowDoesNotOpen() {
    done("POST", ALL, "{\"name\":\"SECRET\",\"value\":\"zebra\",\"isSecret\":true}");
    done("POST", ALL, variable("PLAIN", "x"));
    server.postgres.execute(
        """
        update environment_variable v set sealed = s.sealed from environment_variable s
        where v.name = 'PLAIN' and s.name = 'SECRET'""");

    Reply moved = send("GET", ALL + "/PLAIN", null);

    assertThat(moved.status()).isEqualTo(500);
    assertThat(moved.response().body()).doesNotContain("zebra");
  }

  @Test
  void anImportSetsAllOrNothing() {
    String first = "{\"variables\":{\"A\":\"1\",\"B\":\"2\"}}";
    String second = "{\"variables\":{\"B\":\"3\",\"C\":\"4\"}";
    done("POST", ALL + "/import", first);

    assertThat(error("POST", ALL + "/import", second + "}", 422)).contains(" B:", "override");
    assertThat(all()).isEqualTo("A=1 B=2");

    done("POST", ALL + "/import", second + ",\"override\":true,\"isSecret\":true}");
    assertThat(all()).isEqualTo("A=1 B=<redacted> C=<redacted>");
    error("POST", ALL + "/import", "{\"variables\":{\"D\":\"1\",\"1D\":\"2\"}}", 422);
    assertThat(all()).doesNotContain("D");
  }

  @Test
  void whatWhoeverRunsTasksSetsIsLeftOut() {
    done("POST", ALL + "/import", "{\"variables\":{\"A\":\"1\",\"TRIGGER_SECRET_KEY\":\"x\"}}");

    assertThat(all()).isEqualTo("A=1");
    assertThat(error("POST", ALL, variable("TRIGGER_API_URL", "x"), 422))
        .contains("TRIGGER_API_URL");
  }

  @Test
  void importsInParallelDoNotStopEachOther() {
    List<CompletableFuture<Reply>> imports =
        IntStream.range(0, 8)
            .mapToObj(
                i -> {
                  JsonObject variables = new JsonObject();
                  IntStream.range(0, 50)
                      .map(n -> i % 2 == 0 ? n : 49 - n)
                      .forEach(n -> variables.put("V" + n, "from " + i));
                  JsonObject body =
                      new JsonObject().put("variables", variables).put("override", true);
                  return server.call("POST", ALL + "/import").json(body.encode()).start();
                })
            .toList();

    assertThat(imports).extracting(each -> each.join().status()).containsOnly(200);
    String[] values = all().replaceAll("V[0-9]+=", "").split("(?<=[0-9]) ");
    assertThat(List.of(values)).hasSize(50).containsOnly(values[0]);
  }

  @Test
  void aRepeatedRequestActsOnce() {
    String[] key = {"x-trigger-request-idempotency-key", UUID.randomUUID().toString()};
    String body = "{\"variables\":{\"A\":\"1\"}}";
    ApiServer.Call call = server.call("POST", ALL + "/import").headers(key).json(body);

    List<CompletableFuture<Reply>> twins =
        IntStream.range(0, 4).mapToObj(i -> call.start()).toList();

    assertThat(twins).extracting(twin -> twin.join().status()).containsOnly(200);
    done("DELETE", ALL + "/A", null);
    assertThat(call.send().status()).isEqualTo(200);
    assertThat(all()).isEmpty();
    assertThat(
            server
                .call("POST", ALL + "/import")
                .headers(key)
                .json(body.replace("1", "2"))
                .send()
                .status())
        .isEqualTo(422);
  }

  @Test
  void aSecretKeyReachesItsOwnEnvironmentOnly() {
    done("POST", ALL, variable("MINE", "1"));
    String token = ApiServer.token("read:envvars", "write:envvars", "admin");

    for (String path :
        List.of(
            "/api/v1/projects/proj_p/envvars/other",
            "/api/v1/projects/proj_p/envvars/nowhere",
            "/api/v1/projects/proj_q/envvars/dev")) {
      assertThat(error("GET", path, null, 403)).contains("dev of project proj_p");
      assertThat(error("GET", path + "/MINE", null, 403)).contains("reaches no other");
      error("POST", path, variable("A", "1"), 403);
      error("POST", path + "/import", "{\"variables\":{\"A\":\"1\"}}", 403);
      error("PUT", path + "/MINE", "{\"value\":\"2\"}", 403);
      error("DELETE", path + "/MINE", null, 403);
    }
    for (String credential : List.of(ApiServer.OTHER_SECRET, token)) {
      assertThat(server.call("GET", ALL).as(credential).send().status()).isEqualTo(403);
      assertThat(server.call("GET", ALL + "/MINE").as(credential).send().status()).isEqualTo(403);
      assertThat(server.call("POST", ALL).as(credential).json(variable("A", "1")).send().status())
          .isEqualTo(403);
    }
    assertThat(server.call("GET", ALL).as("tr_dev_nobody").send().status()).isEqualTo(401);
    assertThat(all()).isEqualTo("MINE=1");
  }

  @Test
  void whatCanNotBeKeptIsRefusedInASentenceThatDoesNotQuoteIt() {
    for (String name : List.of("", "1A", "A-B", "A B", "Ü", "A=B", "a".repeat(257), "A\u0000")) {
      assertThat(error("POST", ALL, variable(name, "1"), 422)).contains("letters");
    }
    for (String body : List.of("", "[]", "{", "{\"name\":\"A\"}", "{\"name\":\"A\",\"value\":1}")) {
      error("POST", ALL, body, 400);
    }
    for (String value : List.of("zebra\\u0000", "zebra\\ud800")) {
      String refused = error("POST", ALL, "{\"name\":\"A\",\"value\":\"" + value + "\"}", 422);
      assertThat(refused).contains("value").doesNotContain("zebra");
    }
    assertThat(error("POST", ALL, variable("A", "z".repeat(32_769)), 422)).contains("32768");
    error("POST", ALL + "/import", "{}", 400);
    error("POST", ALL + "/import", "{\"variables\":[]}", 400);
    error("POST", ALL + "/import", "{\"variables\":{\"A\":null}}", 400);
    error("POST", ALL + "/import", "{\"variables\":{\"A\":\"1\"},\"override\":\"yes\"}", 400);
    error("GET", ALL + "/A%00", null, 404);
    error("PUT", ALL + "/A%2FB", "{\"value\":\"1\"}", 404);
    assertThat(all()).isEmpty();
  }

  @Test
  void anEnvironmentHoldsSoManyAndNoMore() {
    JsonObject variables = new JsonObject();
    IntStream.range(0, 500).forEach(i -> variables.put("V" + i, "x"));
    done("POST", ALL + "/import", new JsonObject().put("variables", variables).encode());

    assertThat(error("POST", ALL, variable("ONE_MORE", "x"), 422)).contains("500");
    done("PUT", ALL + "/V7", "{\"value\":\"y\"}");
    error("GET", ALL + "/ONE_MORE", null, 404);
  }

  @Test
  void aNameOfARouteIsAVariableToo() {
    done("POST", ALL, variable("import", "1"));

    assertThat(done("GET", ALL + "/import", null).getString("value")).isEqualTo("1");
  }
}
