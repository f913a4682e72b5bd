package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import dev.runcast.tokens.Expiry;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.SigningKey;
import dev.runcast.tokens.TokenIssuer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PacketsIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String SUPER_JSON = "application/super+json";

  @RegisterExtension static final ApiServer server = new ApiServer();

  /** Without any credential but what stands in the link. */
  private static HttpResponse<String> follow(String link, String method, String type, String body) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(link));
    if (type != null) {
      request.header("content-type", type);
    }
    try {
      return CLIENT.send(
          request.method(method, BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static HttpResponse<String> get(String link) {
    return follow(link, "GET", null, "");
  }

  private static JsonObject upload(String path) {
    Reply reply = server.call("PUT", path).send();
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
    return reply.json();
  }

  private static String stored(String name, String type, String body) {
    JsonObject link = upload("/api/v2/packets/" + encoded(name));
    HttpResponse<String> put = follow(link.getString("presignedUrl"), "PUT", type, body);
    assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
    return link.getString("storagePath");
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String run(String name) {
    return server.trigger(
        "large",
        "{\"payload\":\"%s\",\"options\":{\"payloadType\":\"application/store\",\"tags\":\"big\"}}"
            .formatted(name));
  }

  @Test
  void aPayloadIsPutByALinkAndReadByAnotherWithItsTypeKept() {
    String name = stored("trigger/packet_1/payload.super.json", SUPER_JSON, "{\"json\":\"ü\"}");
    assertThat(name).isEqualTo("trigger/packet_1/payload.super.json");
    String run = run(name);

    JsonObject read = server.retrieve(run);
    HttpResponse<String> packet = get(read.getString("payloadPresignedUrl"));

    assertThat(read.containsKey("payload")).isFalse();
    assertThat(packet.statusCode()).isEqualTo(200);
    assertThat(packet.body()).isEqualTo("{\"json\":\"ü\"}");
    assertThat(packet.headers().firstValue("content-type")).contains(SUPER_JSON);
    assertThat(packet.headers().firstValue("x-content-type-options")).contains("nosniff");
    assertThat(packet.headers().firstValue("content-disposition")).contains("attachment");
    Reply byRun =
        server
            .call("GET", "/api/v1/runs/" + run + "/packets/payload")
            .as(ApiServer.token("read:tags:big"))
            .send();
    assertThat(get(byRun.json().getString("presignedUrl")).body()).isEqualTo("{\"json\":\"ü\"}");
    Reply byName = server.call("GET", "/api/v1/packets/" + name.replace("/", "%2F")).send();
    assertThat(get(byName.json().getString("presignedUrl")).body()).isEqualTo("{\"json\":\"ü\"}");
  }

  @Test
  void theOlderRouteTakesNamesWithTheirSlashes() {
    JsonObject link = upload("/api/v1/packets/trigger/packet_2/payload.json");
    follow(link.getString("presignedUrl"), "PUT", "application/json", "[1]");

    Reply read = server.call("GET", "/api/v1/packets/trigger/packet_2/payload.json").send();

    assertThat(get(read.json().getString("presignedUrl")).body()).isEqualTo("[1]");
  }

  @Test
  void anOutputIsLinkedOnceItsRunHasSucceeded() {
    String name = stored("out put/%ü", "text/plain", "the end");
    String run = server.trigger("large", "{}");
    String path = "/api/v1/runs/" + run + "/packets/output";
    String output =
        new JsonObject()
            .put("status", "COMPLETED")
            .put("output", name)
            .put("outputType", "application/store")
            .encode();

    assertThat(server.call("GET", path).send().status()).isEqualTo(404);
    server.patch(run, output);

    assertThat(get(server.retrieve(run).getString("outputPresignedUrl")).body())
        .isEqualTo("the end");
    Reply link = server.call("GET", path).send();
    assertThat(get(link.json().getString("presignedUrl")).body()).isEqualTo("the end");
  }

  @Test
  void aLinkIsGoodForItsPacketItsDirectionAndItsTimeOnly() {
    String name = stored("mine", "text/plain", "first");
    stored("other", "text/plain", "secret");
    String reading =
        server.call("GET", "/api/v1/packets/" + name).send().json().getString("presignedUrl");
    String writing = upload("/api/v2/packets/" + name).getString("presignedUrl");

    assertThat(get(reading.replace("/mine?", "/other?")).statusCode()).isEqualTo(403);
    assertThat(follow(reading, "PUT", "text/plain", "x").statusCode()).isEqualTo(403);
    assertThat(get(writing).statusCode()).isEqualTo(403);
    assertThat(get(reading.substring(0, reading.indexOf('?'))).statusCode()).isEqualTo(401);
    assertThat(get(reading + "x").statusCode()).isEqualTo(401);
    assertThat(get(expired(reading)).statusCode()).isEqualTo(401);
    assertThat(get(reading).body()).isEqualTo("first");
    String token = reading.substring(reading.indexOf("access_token=") + "access_token=".length());
    assertThat(server.call("GET", "/api/v1/runs").as(token).send().status()).isEqualTo(403);
  }

  private static String expired(String reading) {
    InstantSource earlier = InstantSource.fixed(Instant.now().minus(Duration.ofHours(2)));
    String token =
        new TokenIssuer("env_dev", SigningKey.of(ApiServer.SECRET), earlier)
            .issue(Grants.of("read:packets:mine"), Expiry.after(Duration.ofHours(1)));
    return reading.substring(0, reading.indexOf('=') + 1) + token;
  }

  @Test
  void linksAreGivenOnlyToThoseWhoMayHaveThem() {
    String run = run(stored("gated", "text/plain", "x"));
    String path = "/api/v1/runs/" + run + "/packets/payload";
    String everything = ApiServer.token("read:runs", "write:runs");

    assertThat(server.call("PUT", "/api/v2/packets/a").as(everything).send().status())
        .isEqualTo(403);
    assertThat(server.call("GET", "/api/v1/packets/gated").as(everything).send().status())
        .isEqualTo(403);
    assertThat(
            server.call("GET", "/api/v1/packets/gated").as(ApiServer.OTHER_SECRET).send().status())
        .isEqualTo(404);
    assertThat(server.call("GET", path).as(everything).send().status()).isEqualTo(200);
    assertThat(server.call("GET", path).as(ApiServer.token("read:runs:other")).send().status())
        .isEqualTo(403);
    assertThat(server.call("GET", path).as(skippingPayload()).send().status()).isEqualTo(403);
    assertThat(server.call("GET", path).as(ApiServer.OTHER_SECRET).send().status()).isEqualTo(404);
    assertThat(server.call("GET", "/api/v1/runs/run_x/packets/payload").send().status())
        .isEqualTo(404);
    assertThat(server.call("GET", "/api/v1/runs/" + run + "/packets/output").send().status())
        .isEqualTo(404);
    Reply hidden = server.call("GET", "/api/v3/runs/" + run).as(skippingPayload()).send();
    assertThat(hidden.json().containsKey("payloadPresignedUrl")).isFalse();
  }

  private static String skippingPayload() {
    TokenIssuer issuer = new TokenIssuer("env_dev", SigningKey.of(ApiServer.SECRET));
    return issuer.sign(
        issuer
            .draft(Grants.of("read:runs"), Expiry.after(Duration.ofMinutes(5)))
            .withSkipColumns(List.of("payload")));
  }

  @Test
  void aPublicTokenDoesNotTriggerWithThePacketOfSomebodyElse() {
    String body = "{\"payload\":\"mine\",\"options\":{\"payloadType\":\"application/store\"}}";
    String batch =
        server
            .call("POST", "/api/v3/batches")
            .json("{\"runCount\":1}")
            .send()
            .json()
            .getString("id");
    String item = "{\"index\":0,\"task\":\"t\"," + body.substring(1);

    assertThat(
            server
                .call("POST", "/api/v1/tasks/t/trigger")
                .as(ApiServer.token("trigger:tasks:t"))
                .json(body)
                .send()
                .status())
        .isEqualTo(403);
    assertThat(
            server
                .call("POST", "/api/v2/tasks/batch")
                .as(ApiServer.token("batchTrigger:tasks:t"))
                .json("{\"items\":[{\"task\":\"t\"," + body.substring(1) + "]}")
                .send()
                .status())
        .isEqualTo(403);
    assertThat(
            server
                .call("POST", "/api/v3/batches/" + batch + "/items")
                .as(ApiServer.token("batchTrigger:tasks:t"))
                .headers("content-type", "application/x-ndjson")
                .json(item)
                .send()
                .status())
        .isEqualTo(403);
  }

  @Test
  void whatCanNotBeKeptIsRefused() {
    String link = upload("/api/v2/packets/sized").getString("presignedUrl");

    assertThat(follow(link, "PUT", "text/plain", "x".repeat(ApiServer.MAX_BODY + 1)).statusCode())
        .isEqualTo(413);
    assertThat(follow(link, "PUT", "multipart/form-data; boundary=x", "--x--").statusCode())
        .isEqualTo(415);
    assertThat(server.call("GET", "/api/v1/packets/sized").send().status())
        .as("nothing was kept of it")
        .isEqualTo(404);
    assertThat(server.call("PUT", "/api/v2/packets/" + "n".repeat(513)).send().status())
        .isEqualTo(400);
    assertThat(server.call("PUT", "/api/v2/packets/a%00b").send().status()).isEqualTo(400);
    assertThat(follow(link, "PUT", "text/plain", "").statusCode()).isEqualTo(200);
    assertThat(follow(link, "PUT", "text/plain", "again").statusCode()).isEqualTo(200);
    Reply read = server.call("GET", "/api/v1/packets/sized").send();
    assertThat(get(read.json().getString("presignedUrl")).body()).isEqualTo("again");
  }

  @Test
  void aLinkBeginsAsTheClientReachesTheService() {
    Reply reply =
        server.call("PUT", "/api/v2/packets/a").headers("x-forwarded-proto", "https").send();

    assertThat(reply.json().getString("presignedUrl"))
        .startsWith("https://127.0.0.1:" + server.port() + "/api/v1/packet-contents/a?");
  }
}
