package dev.runcast.it.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** The REST API, under one credential; none when it is empty. Any status is an answer. */
public record Api(String base, String credential) {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final ObjectMapper JSON = new ObjectMapper();

  public Answer get(String path) {
    return send("GET", path, null, Map.of());
  }

  public Answer post(String path, Object body) {
    return send("POST", path, json(body), Map.of());
  }

  public Answer patch(String path, Object body) {
    return send("PATCH", path, json(body), Map.of());
  }

  /** Triggers a run and gives its id. */
  public String trigger(String task, Map<String, ?> options) {
    return trigger(task, Map.of("from", "test"), options);
  }

  /** The same, with a payload. */
  public String trigger(String task, Object payload, Map<String, ?> options) {
    Map<String, Object> body = Map.of("payload", payload, "options", options);
    return post("/api/v1/tasks/" + task + "/trigger", body).expect(200).json().get("id").asText();
  }

  /** Moves a run as a worker would; must be accepted. */
  public Answer move(String run, Map<String, ?> change) {
    return patch("/api/v1/runs/" + run, change).expect(200);
  }

  /** The id of the environment that the credential belongs to. */
  public String environment() {
    return post("/api/v1/auth/jwt/claims", Map.of()).expect(200).json().get("sub").asText();
  }

  /**
   * Sends any request.
   *
   * @param body sent as it stands, when there is one
   */
  public Answer send(String method, String path, String body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!credential.isEmpty()) {
      request.setHeader("authorization", "Bearer " + credential);
    }
    if (body != null) {
      request.setHeader("content-type", "application/json");
    }
    headers.forEach(request::setHeader);
    try {
      var response = CLIENT.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.headers().map(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String json(Object value) {
    try {
      return value instanceof String text ? text : JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
