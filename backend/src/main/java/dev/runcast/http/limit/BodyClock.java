package dev.runcast.http.limit;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * How long a client is waited for that is sending a body. Whoever reads the body starts it when it
 * begins to wait and stops it when it does not: for the whole body at once, or for each piece.
 * Confined to the event loop of its request.
 */
public final class BodyClock {
  private static final long STOPPED = -1;

  private final Vertx vertx;
  private final Duration limit;
  private final Runnable over;
  private long timer = STOPPED;

  /**
   * @param over runs once it was not stopped in time
   */
  public BodyClock(Vertx vertx, Duration limit, Runnable over) {
    this.vertx = vertx;
    this.limit = limit;
    this.over = over;
  }

  /** Waits from now on. */
  public void start() {
    stop();
    timer = vertx.setTimer(Math.max(1, limit.toMillis()), any -> over.run());
  }

  /** Waits no more. */
  public void stop() {
    if (timer != STOPPED) {
      vertx.cancelTimer(timer);
      timer = STOPPED;
    }
  }

  /** What a client is answered with that was too slow. */
  public static ApiException tooSlow(Duration limit) {
    return new ApiException(
        ApiError.TIMEOUT,
        "The body of the request did not come in time: this server waits "
            + limit.toMillis()
            + " ms; send it faster, or less at once.");
  }
}
