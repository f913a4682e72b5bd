package dev.runcast.http;

import dev.runcast.subscribe.Arriving;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The parameter {@code after-position}: has a request wait until this node has heard what a write
 * wrote whose answer gave {@code x-runcast-position}. Confined to its event loop.
 */
public final class AfterPosition {
  /** Its name. */
  public static final String PARAMETER = "after-position";

  private static final String FORM = "[0-9]{1,19}";

  private final Arriving arriving;
  private final LongFunction<Future<Boolean>> wasGiven;

  /**
   * @param wasGiven whether the database has given out a transaction id
   */
  public AfterPosition(Arriving arriving, LongFunction<Future<Boolean>> wasGiven) {
    this.arriving = arriving;
    this.wasGiven = wasGiven;
  }

  /** For routes that wait before anything else is looked at; behind the authentication. */
  public void handle(RoutingContext context) {
    List<String> values = context.queryParam(PARAMETER);
    if (values.size() > 1) {
      throw ApiException.badRequest(
          PARAMETER, PARAMETER + " is given more than once; give it once.");
    }
    Future<Void> passed = await(values.isEmpty() ? null : values.get(0));
    if (passed.succeeded()) {
      context.next();
    } else {
      passed.onSuccess(heard -> context.next()).onFailure(context::fail);
    }
  }

  /**
   * Waits for a position.
   *
   * @param position as the header gave it; null for nothing to wait for
   * @return fails with a 504 that names the lag when this node is too far behind, and with a 400
   *     for what no write has been answered with
   */
  public Future<Void> await(@Nullable String position) {
    if (position == null) {
      return Future.succeededFuture();
    }
    long xid = parse(position);
    return arriving.await(xid).compose(heard -> heard ? Future.succeededFuture() : tooLate(xid));
  }

  private static long parse(String position) {
    if (position.matches(FORM)) {
      try {
        long xid = Long.parseLong(position);
        if (xid > 0) {
          return xid;
        }
      } catch (NumberFormatException tooGreat) {
        throw foreign();
      }
    }
    throw foreign();
  }

  /** One of another database, or of a history that a restore has undone, may never come. */
  private Future<Void> tooLate(long xid) {
    return wasGiven
        .apply(xid)
        .compose(known -> Future.failedFuture(known ? behind(xid) : foreign()));
  }

  private static ApiException foreign() {
    return ApiException.badRequest(
        PARAMETER,
        PARAMETER
            + " must be the x-runcast-position of a write's answer; this is none that this database"
            + " has given.");
  }

  private ApiException behind(long xid) {
    long below = arriving.heardBelow();
    return new ApiException(
        ApiError.BEHIND,
        "This node has not heard of position %d within %d s: it has heard all below %d, %d behind%s; come back with the same position."
            .formatted(
                xid,
                arriving.patience().toSeconds(),
                below,
                Math.max(1, xid + 1 - below),
                arriving.isSilent() ? ", and nothing at the moment" : ""));
  }
}
