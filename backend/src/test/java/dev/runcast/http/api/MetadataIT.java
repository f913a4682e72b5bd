package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The metadata of runs, and what changes it. */
class MetadataIT {
  @RegisterExtension static final ApiServer server = new ApiServer();

  @Test
  void parallelOperationsLoseNothing() {
    String id = server.trigger("count", "{}");
    String increment =
        "{\"operations\":[{\"type\":\"increment\",\"key\":\"n\",\"value\":1},{\"type\":\"append\",\"key\":\"log\",\"value\":\"x\"}]}";

    List<CompletableFuture<Reply>> replies =
        IntStream.range(0, 20)
            .mapToObj(
                n -> server.call("PUT", "/api/v1/runs/" + id + "/metadata").json(increment).start())
            .toList();
    replies.forEach(reply -> assertThat(reply.join().status()).isEqualTo(200));

    JsonObject metadata = server.retrieve(id).getJsonObject("metadata");
    assertThat(metadata.getInteger("n")).isEqualTo(20);
    assertThat(metadata.getJsonArray("log")).hasSize(20);
  }

  @Test
  void metadataIsPutAndGotAsAnObject() {
    String id = server.trigger("meta", "{\"options\":{\"metadata\":{\"a\":1}}}");
    String path = "/api/v1/runs/" + id + "/metadata";

    Reply put =
        server
            .call("PUT", path)
            .json(
                "{\"metadata\":{\"believed\":true},\"operations\":[{\"type\":\"set\",\"key\":\"$.b.c\",\"value\":\"\\ud800\"},{\"type\":\"delete\",\"key\":\"a\"}]}")
            .send();
    Reply replaced = server.call("PUT", path).json("{\"metadata\":{\"z\":[1.50]}}").send();

    assertThat(put.response().body()).isEqualTo("{\"metadata\":{\"b\":{\"c\":\"\\ud800\"}}}");
    assertThat(replaced.response().body()).isEqualTo("{\"metadata\":{\"z\":[1.50]}}");
    Reply got = server.call("GET", path).send();
    assertThat(got.response().body()).isEqualTo("{\"metadata\":{\"z\":[1.50]}}");
    assertThat(got.header("x-runcast-cursor")).isNotNull();
    String bare = server.trigger("meta", "{}");
    assertThat(server.call("GET", "/api/v1/runs/" + bare + "/metadata").send().response().body())
        .isEqualTo("{\"metadata\":{}}");
    assertThat(server.call("PUT", path).json("{}").send().status()).isEqualTo(400);
  }

  @Test
  void metadataThatGrowsBeyondItsLimitIsRefused() {
    String id = server.trigger("meta", "{}");
    String path = "/api/v1/runs/" + id + "/metadata";
    String half =
        "{\"operations\":[{\"type\":\"append\",\"key\":\"a\",\"value\":\""
            + "x".repeat(1_200)
            + "\"}]}";

    assertThat(server.call("PUT", path).json(half).send().status()).isEqualTo(200);
    Reply over = server.call("PUT", path).json(half).send();

    assertThat(over.status()).isEqualTo(413);
    assertThat(over.error()).contains("metadata").contains("limit of 2000");
  }

  @Test
  void childrenWriteIntoTheMetadataOfParentAndRoot() {
    String root = server.trigger("root", "{}");
    String parent = server.trigger("parent", "{\"options\":{\"parentRunId\":\"" + root + "\"}}");
    String child = server.trigger("child", "{\"options\":{\"parentRunId\":\"" + parent + "\"}}");
    String body =
        """
        {"operations":[{"type":"set","key":"me","value":1}],
         "parentOperations":[{"type":"increment","key":"children","value":1}],
         "rootOperations":[{"type":"append","key":"log","value":"child"}]}""";

    server.patch(child, body);
    server.patch(parent, body);
    server.patch(root, body);

    assertThat(metadata(child)).isEqualTo(new JsonObject("{\"me\":1}"));
    assertThat(metadata(parent)).isEqualTo(new JsonObject("{\"children\":1,\"me\":1}"));
    assertThat(metadata(root))
        .isEqualTo(
            new JsonObject("{\"log\":[\"child\",\"child\",\"child\"],\"children\":2,\"me\":1}"));

    server.patch(parent, "{\"status\":\"COMPLETED\"}");
    assertThat(server.patch(child, body).status()).isEqualTo(200);
    assertThat(metadata(parent).getInteger("children")).isEqualTo(1);
  }

  private static JsonObject metadata(String run) {
    return server.retrieve(run).getJsonObject("metadata");
  }
}
