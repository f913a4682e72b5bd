package dev.runcast.http.api.answer;

import dev.runcast.engine.Answer;
import dev.runcast.engine.RefusedException;
import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Visibility;
import dev.runcast.store.RowRefusedException;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How answers and failures leave a handler. */
public final class Answers {
  private static final String JSON = "application/json; charset=utf-8";

  private final Supplier<Optional<Cursor>> newest;

  /**
   * @param newest the newest horizon that came back through the stream, as a cursor; none, or one
   *     at 0, until the first has
   */
  public Answers(Supplier<Optional<Cursor>> newest) {
    this.newest = newest;
  }

  /**
   * Sends what a read found. Its cursor is the oldest of what its snapshot surely shows and the
   * newest horizon: only what came back through the stream outlives a crash of the database.
   */
  public void send(RoutingContext context, String body, Visibility visibility) {
    newest
        .get()
        .filter(horizon -> horizon.horizon() > 0)
        .map(
            horizon ->
                Cursor.withoutChunks(
                    horizon.incarnation(), Math.min(horizon.horizon(), visibility.xmin())))
        .ifPresent(cursor -> context.response().putHeader("x-runcast-cursor", cursor.toString()));
    send(context, 200, body);
  }

  /** Sends what a write did. */
  public static void send(RoutingContext context, Answer answer) {
    putPosition(context, answer);
    send(context, answer.status(), answer.body());
  }

  /** Says by which xid a reader can wait for what was written. */
  public static void putPosition(RoutingContext context, Answer answer) {
    putPosition(context, answer.position());
  }

  /**
   * The same by itself.
   *
   * @param position null for nothing written
   */
  public static void putPosition(RoutingContext context, @Nullable Long position) {
    if (position != null) {
      context.response().putHeader("x-runcast-position", Long.toString(position));
    }
  }

  private static void send(RoutingContext context, int status, String body) {
    HttpServerResponse response =
        context
            .response()
            .setStatusCode(status)
            .putHeader("content-type", JSON)
            .putHeader("cache-control", "no-store");
    Packed.end(context.request(), response, body);
  }

  /** Fails the request, with what was refused as the client's fault. */
  public static void fail(RoutingContext context, Throwable failure) {
    if (failure instanceof RefusedException refused) {
      if (refused.kind() == RefusedException.Kind.STALE) {
        context.response().putHeader("etag", etag(refused.currentVersion()));
      }
      context.fail(new ApiException(error(refused.kind()), refused.sentence(), refused.field()));
    } else if (failure instanceof RowRefusedException refused) {
      context.fail(new ApiException(ApiError.UNPROCESSABLE, refused.sentence()));
    } else {
      context.fail(failure);
    }
  }

  /** A run's version as the validator of HTTP. */
  public static String etag(long version) {
    return "\"" + version + "\"";
  }

  private static ApiError error(RefusedException.Kind kind) {
    return switch (kind) {
      case UNKNOWN -> ApiError.NOT_FOUND;
      case UNPROCESSABLE -> ApiError.UNPROCESSABLE;
      case TOO_LARGE -> ApiError.TOO_LARGE;
      case STALE, LAPSED -> ApiError.PRECONDITION_FAILED;
      case OUTDATED -> ApiError.BAD_REQUEST;
    };
  }
}
