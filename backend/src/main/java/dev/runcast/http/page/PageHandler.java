package dev.runcast.http.page;

import dev.runcast.http.ApiException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends the dashboard: its document for every path of its own that a browser opens, and the files
 * that the document names. The build has put a compressed twin beside what is worth it, and a mark
 * where the document is to carry the nonce of its styles.
 */
public final class PageHandler {
  /** Stands in the document for the nonce. */
  static final String NONCE_MARK = "__CSP_NONCE__";

  private static final String NOT_THE_API = "^/(?!api/|realtime/|otel/|engine/|socket\\.io/).*";
  private static final Pattern FILE =
      Pattern.compile("/((?:assets/)?[A-Za-z0-9_-][A-Za-z0-9_.-]*\\.[a-z0-9]+)");
  private static final Pattern HASHED_CODE = Pattern.compile("assets/.*\\.(js|css)");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "woff2", "font/woff2");
  private static final int NONCE_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String root;

  /** What was read, shared by all requests of one event loop; as many as there are files. */
  private final Map<String, Future<Buffer>> read = new ConcurrentHashMap<>();

  private record Sent(Buffer bytes, boolean packed) {}

  /**
   * @param root where on the class path the files are
   */
  public PageHandler(String root) {
    this.root = root;
  }

  /** Takes every path that is not the API's. To be mounted last. */
  public void mount(Router router) {
    router.getWithRegex(NOT_THE_API).handler(this::send);
    router.headWithRegex(NOT_THE_API).handler(this::send);
  }

  private void send(RoutingContext context) {
    Matcher file = FILE.matcher(context.normalizedPath());
    if (file.matches()) {
      file(context, file.group(1));
    } else if (isForPeople(context)) {
      document(context);
    } else {
      context.fail(404);
    }
  }

  /** A program that has mistaken a path is told so, and not that all is well. */
  private static boolean isForPeople(RoutingContext context) {
    String accept = context.request().getHeader("accept");
    return context.normalizedPath().equals("/") || (accept != null && accept.contains("text/html"));
  }

  private void document(RoutingContext context) {
    content(context, "index.html")
        .onSuccess(
            text -> {
              String nonce = nonce();
              PageHeaders.document(context.response(), nonce);
              String html = text.toString().replace(NONCE_MARK, nonce);
              end(context, type("index.html"), Buffer.buffer(html));
            })
        .onFailure(
            missing ->
                context.fail(
                    ApiException.notFound("The dashboard is not in this build of the server.")));
  }

  private void file(RoutingContext context, String name) {
    Future<Sent> plain = content(context, name).map(bytes -> new Sent(bytes, false));
    Future<Sent> found =
        takesGzip(context.request())
            ? content(context, name + ".gz")
                .map(bytes -> new Sent(bytes, true))
                .recover(noTwin -> plain)
            : plain;
    found
        .onSuccess(
            sent -> {
              HttpServerResponse response = context.response().putHeader("vary", "accept-encoding");
              if (sent.packed) {
                response.putHeader("content-encoding", "gzip");
              }
              if (HASHED_CODE.matcher(name).matches()) {
                PageHeaders.hashedCode(response);
              } else {
                PageHeaders.file(response);
              }
              end(context, type(name), sent.bytes);
            })
        .onFailure(missing -> context.fail(404));
  }

  private Future<Buffer> content(RoutingContext context, String name) {
    Future<Buffer> known = read.get(name);
    if (known != null) {
      return known;
    }
    Future<Buffer> reading = context.vertx().fileSystem().readFile(root + "/" + name);
    // What is not there is not remembered: anybody can ask for any name.
    return reading.onSuccess(bytes -> read.put(name, Future.succeededFuture(bytes)));
  }

  private static boolean takesGzip(HttpServerRequest request) {
    @Nullable String accepted = request.getHeader("accept-encoding");
    return accepted != null && accepted.contains("gzip");
  }

  private static String type(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return TYPES.getOrDefault(ending, "application/octet-stream");
  }

  private static void end(RoutingContext context, String type, Buffer body) {
    HttpServerResponse response = context.response().putHeader("content-type", type);
    if (context.request().method().equals(HttpMethod.HEAD)) {
      response.putHeader("content-length", Integer.toString(body.length())).end();
    } else {
      response.end(body);
    }
  }

  private static String nonce() {
    byte[] bytes = new byte[NONCE_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getEncoder().withoutPadding().encodeToString(bytes);
  }
}
