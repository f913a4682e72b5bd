package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which scopes open a run. */
class RunScopesIT {
  @RegisterExtension static final ApiServer server = new ApiServer();

  @Test
  void onlyScopesForTheRunOrItsTaskChangeIt() {
    String id = server.trigger("scoped", "{}");
    String tag = "{\"tags\":\"x\"}";

    assertThat(patchAs(ApiServer.token("write:runs:" + id), id, tag)).isEqualTo(200);
    assertThat(patchAs(ApiServer.token("write:runs"), id, tag)).isEqualTo(200);
    assertThat(patchAs(ApiServer.token("write:tasks:scoped"), id, tag)).isEqualTo(200);
    assertThat(patchAs(ApiServer.token("write:runs:other"), id, tag)).isEqualTo(403);
    assertThat(patchAs(ApiServer.token("write:tasks:other"), id, tag)).isEqualTo(403);
    assertThat(patchAs(ApiServer.token("read:runs"), id, tag)).isEqualTo(403);
    assertThat(patchAs(ApiServer.OTHER_SECRET, id, tag)).isEqualTo(404);
    String admin = ApiServer.token("admin");
    assertThat(
            server.call("POST", "/api/v1/runs/" + id + "/tags").as(admin).json(tag).send().status())
        .isEqualTo(403);
    assertThat(
            server
                .call("PUT", "/api/v1/runs/" + id + "/metadata")
                .as(admin)
                .json("{}")
                .send()
                .status())
        .isEqualTo(403);
    assertThat(server.call("GET", "/api/v1/runs/" + id + "/metadata").as(admin).send().status())
        .isEqualTo(403);
  }

  private static int patchAs(String credential, String id, String body) {
    return server.call("PATCH", "/api/v1/runs/" + id).as(credential).json(body).send().status();
  }

  @Test
  void onlyScopesForTheRunItsTaskTagsOrBatchReadIt() {
    String id = server.trigger("read", "{\"options\":{\"tags\":[\"user:1\"]}}");

    assertThat(readAs("read:runs:" + id, id)).isEqualTo(200);
    assertThat(readAs("read:tasks:read", id)).isEqualTo(200);
    assertThat(readAs("read:tags:user:1", id)).isEqualTo(200);
    assertThat(readAs("read:tags:user:2", id)).isEqualTo(403);
    assertThat(readAs("read:runs:other", id)).isEqualTo(403);
    assertThat(readAs("write:runs", id)).isEqualTo(403);
  }

  private static int readAs(String scope, String id) {
    return server.call("GET", "/api/v3/runs/" + id).as(ApiServer.token(scope)).send().status();
  }
}
