package dev.runcast.http;

import dev.runcast.http.limit.BodyLimit;
import dev.runcast.store.DatabaseAwayException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers every request that failed, in the one form that clients read: {@code {"error": sentence,
 * "code", "type", "param"}}. A fault of the client's leaves no trace in the log, but for those of
 * tools and workers; one of ours is logged once, under a reference that the client is told instead
 * of the reason.
 */
public final class ErrorHandler implements Handler<RoutingContext> {
  private static final Logger log = LoggerFactory.getLogger(ErrorHandler.class);

  /** Statuses that the router gives by itself, without a failed context. */
  private static final int[] ROUTER_STATUSES = {400, 404, 405, 500};

  private static final String BROKE = "The request is not well-formed or broke off.";

  /** Of HTTP/2: the answer is whole, and the rest of the request is not wanted. */
  private static final long NO_ERROR = 0;

  /** Has this handler answer whatever fails in the router. To be called before any other route. */
  public void mount(Router router) {
    AllowedMethods allowed = new AllowedMethods(router);
    router.route().failureHandler(this);
    for (int status : ROUTER_STATUSES) {
      router.errorHandler(
          status,
          context -> {
            if (status == ApiError.METHOD_NOT_ALLOWED.status()) {
              context.response().putHeader("allow", allowed.of(context.normalizedPath()));
            }
            handle(context, status);
          });
    }
  }

  @Override
  public void handle(RoutingContext context) {
    handle(context, context.statusCode());
  }

  private void handle(RoutingContext context, int status) {
    HttpServerResponse response = context.response();
    Throwable failure = context.failure();
    if (response.ended() || response.closed()) {
      return;
    }
    ApiException error = toError(context, status, failure);
    if (response.headWritten()) {
      // Half an answer is out: only a broken connection tells the client that the rest is missing.
      response.reset();
      return;
    }
    answer(response, error);
    if (error.error() == ApiError.TIMEOUT) {
      hangUp(context.request());
    }
  }

  /** What is still to come of the request would be taken for another, or be waited for. */
  private static void hangUp(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset(NO_ERROR);
    } else {
      request.connection().close();
    }
  }

  /** Refuses a request that could not even be decoded, and hangs up: what follows is garbage. */
  public static void refuse(HttpServerRequest request) {
    Cors.allowAnyOrigin(request.response());
    request.response().putHeader("connection", "close");
    answer(
        request.response(),
        new ApiException(
            ApiError.BAD_REQUEST,
            "The request is not well-formed HTTP, or its line or headers are too long."));
    request.connection().close();
  }

  private static void answer(HttpServerResponse response, ApiException exception) {
    ApiError error = exception.error();
    JsonObject body =
        new JsonObject()
            .put("error", exception.sentence())
            .put("code", error.code())
            .put("type", error.type());
    if (exception.param() != null) {
      body.put("param", exception.param());
    }
    response
        .setStatusCode(error.status())
        .putHeader("content-type", "application/json; charset=utf-8")
        .putHeader("cache-control", "no-store")
        .putHeader("x-should-retry", Boolean.toString(error.isRetryable()))
        .end(body.toBuffer());
  }

  private static ApiException toError(
      RoutingContext context, int status, @Nullable Throwable failure) {
    if (failure instanceof ApiException
        || failure instanceof DatabaseAwayException
        || failure instanceof RequestBrokeException) {
      return forClient(failure, "a request");
    }
    if (status == 500 || status == -1) {
      HttpServerRequest request = context.request();
      return internal(failure, request.method() + " " + request.path());
    }
    // A body that breaks off, or that the client never finished, arrives here with status 200.
    ApiError error = status < 400 ? ApiError.BAD_REQUEST : ApiError.ofStatus(status);
    return new ApiException(error, sentence(context, error));
  }

  /**
   * What a client is told of a failure. A fault of ours is logged, under a reference that the
   * client is told instead of the reason.
   *
   * @param doing what failed, for the log
   */
  public static ApiException forClient(Throwable failure, String doing) {
    if (failure instanceof ApiException known) {
      return known;
    }
    if (failure instanceof DatabaseAwayException) {
      // Logged by whoever is to put it right: the tail says that Postgres is away, once.
      return new ApiException(
          ApiError.UNAVAILABLE, "The database does not answer at the moment; try again soon.");
    }
    if (failure instanceof RequestBrokeException) {
      return new ApiException(ApiError.BAD_REQUEST, BROKE);
    }
    return internal(failure, doing);
  }

  private static ApiException internal(@Nullable Throwable failure, String doing) {
    String reference = UUID.randomUUID().toString().substring(0, 8);
    log.error("failed reference={} doing={}", reference, doing, failure);
    return new ApiException(
        ApiError.INTERNAL,
        "The server failed on this request; its log says more under the reference "
            + reference
            + ".");
  }

  private static String sentence(RoutingContext context, ApiError error) {
    return switch (error) {
      case NOT_FOUND -> "There is nothing at this path; see the documentation for the routes.";
      case METHOD_NOT_ALLOWED ->
          "This path does not take " + context.request().method() + " requests.";
      case TOO_LARGE -> BodyLimit.sentence(context);
      default -> BROKE;
    };
  }
}
