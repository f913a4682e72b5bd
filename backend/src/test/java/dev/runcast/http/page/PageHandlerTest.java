package dev.runcast.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.ErrorHandler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the dashboard's files are sent, with files of the same kinds. */
class PageHandlerTest {
  private static Vertx vertx;
  private static int port;
  private static final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    Router router = Router.router(vertx);
    new ErrorHandler().mount(router);
    new PageHandler("page").mount(router);
    port =
        vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").await().actualPort();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    return send("GET", path, headers);
  }

  private static HttpResponse<byte[]> send(String method, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/runs", "/runs/run_1", "/sign-in?next=%2Fruns", "/a/b/c"})
  void everyPathOfThePageIsItsDocument(String path) throws Exception {
    HttpResponse<byte[]> response = get(path, "accept", "text/html,*/*;q=0.8");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(header(response, "cache-control")).isEqualTo("no-store");
    assertThat(text(response)).contains("<title>A page</title>");
  }

  @Test
  void theNonceIsTheDocumentsAndThePolicysAndAnotherEachTime() throws Exception {
    String first = nonce();

    assertThat(first).hasSizeGreaterThanOrEqualTo(22).isNotEqualTo(nonce());
  }

  private static String nonce() throws Exception {
    HttpResponse<byte[]> response = get("/", "accept", "text/html");
    Matcher policy =
        Pattern.compile("style-src 'self' 'nonce-([A-Za-z0-9+/]+)';")
            .matcher(header(response, "content-security-policy"));
    assertThat(policy.find()).isTrue();
    assertThat(text(response))
        .contains("nonce=\"" + policy.group(1) + "\"")
        .doesNotContain(PageHandler.NONCE_MARK);
    return policy.group(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/icon.svg"})
  void nothingRunsButWhatThisOriginServes(String path) throws Exception {
    HttpResponse<byte[]> response = get(path, "accept", "text/html");

    assertThat(header(response, "content-security-policy"))
        .contains("default-src 'none'", "script-src 'self';", "frame-ancestors 'none'")
        .contains("base-uri 'none'", "form-action 'none'", "connect-src 'self'")
        .doesNotContain("unsafe", "*");
    assertThat(header(response, "x-content-type-options")).isEqualTo("nosniff");
    assertThat(header(response, "x-frame-options")).isEqualTo("DENY");
    assertThat(header(response, "referrer-policy")).isEqualTo("no-referrer");
    assertThat(header(response, "cross-origin-opener-policy")).isEqualTo("same-origin");
    assertThat(header(response, "cross-origin-resource-policy")).isEqualTo("same-origin");
    assertThat(response.headers().firstValue("access-control-allow-origin")).isEmpty();
  }

  @Test
  void codeIsForThisOriginAndForNothingElse() throws Exception {
    HttpResponse<byte[]> response = get("/assets/code-1a2b.js");

    assertThat(header(response, "x-content-type-options")).isEqualTo("nosniff");
    assertThat(header(response, "cross-origin-resource-policy")).isEqualTo("same-origin");
    assertThat(response.headers().firstValue("access-control-allow-origin")).isEmpty();
  }

  @Test
  void whatIsNamedByItsContentsMayBeKeptForever() throws Exception {
    HttpResponse<byte[]> response = get("/assets/code-1a2b.js");

    assertThat(header(response, "cache-control")).contains("immutable");
    assertThat(header(response, "content-type")).startsWith("text/javascript");
    assertThat(text(response)).contains("console.log");
    assertThat(header(get("/icon.svg"), "cache-control")).isEqualTo("no-cache");
    assertThat(header(get("/icon.svg"), "content-type")).isEqualTo("image/svg+xml");
  }

  @Test
  void whoTakesItGetsTheCompressedTwin() throws Exception {
    HttpResponse<byte[]> packed = get("/assets/code-1a2b.js", "accept-encoding", "gzip, br");

    assertThat(header(packed, "content-encoding")).isEqualTo("gzip");
    assertThat(header(packed, "vary")).contains("accept-encoding");
    assertThat(unpacked(packed.body())).isEqualTo(text(get("/assets/code-1a2b.js")));
    assertThat(header(get("/icon.svg", "accept-encoding", "gzip"), "content-encoding")).isEmpty();
  }

  /** Each of them reads the file, or waits for who does, in an order of its own. */
  @Test
  void whoComesWhileItIsReadGetsItWholeAndIsToldThatItIsCompressed() throws Exception {
    List<CompletableFuture<HttpResponse<byte[]>>> asked = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/assets/fresh-3c4d.js"))
              .header("accept-encoding", "gzip")
              .build();
      asked.add(client.sendAsync(request, BodyHandlers.ofByteArray()));
    }

    for (CompletableFuture<HttpResponse<byte[]>> each : asked) {
      assertThat(header(each.get(), "content-encoding")).isEqualTo("gzip");
      assertThat(unpacked(each.get().body())).contains("fresh");
    }
  }

  private static String unpacked(byte[] packed) throws IOException {
    try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aHeadIsAnsweredLikeAGetWithoutTheBody() throws Exception {
    HttpResponse<byte[]> response = send("HEAD", "/assets/code-1a2b.js");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "content-length"))
        .isEqualTo(Integer.toString(get("/assets/code-1a2b.js").body().length));
    assertThat(response.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/none.js",
        "/none.svg",
        "/../logback.xml",
        "/assets/..%2f..%2flogback.xml",
        "/assets/%2e%2e/%2e%2e/logback.xml",
        "/logback.xml",
        "/assets/code-1a2b.js/",
        "/runs"
      })
  void aProgramIsToldWhatIsNotThere(String path) throws Exception {
    HttpResponse<byte[]> response = get(path, "accept", "*/*");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(text(response)).startsWith("{\"error\":");
  }
}
