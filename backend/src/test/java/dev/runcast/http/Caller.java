package dev.runcast.http;

import dev.runcast.http.Sample.Trait;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the calls of the {@link RouteTable}, as whoever, over real connections. */
final class Caller {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;

  Caller(int port) {
    this.port = port;
  }

  /** An answer; of one that goes on, only its head. */
  record Reply(int status, String body, HttpResponse<?> response) {
    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    /** The sentence of a refusal; empty when the body holds none. */
    String error() {
      try {
        return new JsonObject(body).getString("error", "");
      } catch (DecodeException | ClassCastException notAnError) {
        return "";
      }
    }

    @Override
    public String toString() {
      return status + " " + (body.length() < 300 ? body : body.substring(0, 300) + "…");
    }
  }

  /**
   * Makes a call as it stands in the table; a feed is asked for as events, unless a header says
   * how.
   *
   * @param credential null for none
   */
  Reply call(Sample sample, @Nullable String credential, String... headers) {
    BodyPublisher body =
        sample.hasBody()
            ? BodyPublishers.ofString(sample.contents().text())
            : BodyPublishers.noBody();
    return call(sample, credential, body, headers);
  }

  /** The same with another body. */
  Reply call(Sample sample, @Nullable String credential, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + sample.path()))
            .timeout(Duration.ofSeconds(60))
            .header("content-type", sample.contents().type())
            .method(sample.method(), body);
    if (credential != null) {
      request.header("authorization", "Bearer " + credential);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (sample.is(Trait.FEED) && !Arrays.asList(headers).contains("accept")) {
      request.header("accept", "text/event-stream");
    }
    return send(request.build());
  }

  private Reply send(HttpRequest request) {
    try {
      HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
      // A feed is left after its head: what is in it is not for these tests.
      boolean goesOn =
          response.headers().firstValue("content-type").orElse("").contains("event-stream");
      try (InputStream body = response.body()) {
        String text = goesOn ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
        boolean isHead = request.method().equals("HEAD");
        return new Reply(
            response.statusCode(), isHead ? "{\"error\":\"not told to a HEAD\"}" : text, response);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(request.method() + " " + request.uri(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
