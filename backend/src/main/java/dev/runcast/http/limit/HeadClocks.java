package dev.runcast.http.limit;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.Http1xServerConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections of HTTP/1 that nothing is being answered on and whose client does not bring
 * the whole head of a request in time: one that sends half a head, or a byte now and then, or
 * leaves the body of a request that was refused unfinished, or keeps a connection for nothing. A
 * request that is being answered, as an open feed is, is none of its business.
 *
 * <p>All wait equally long, so those of an event loop stand in the order in which they began to:
 * one timer serves them, for the first, and neither an open feed nor a held poll has one. Confined
 * to the event loop of its connections.
 *
 * <p>Until Vert.x has a handler for the connection, which without TLS is when the first head has
 * come, Vert.x's own limit on silence holds, {@link #limitSilence}.
 */
public final class HeadClocks {
  private static final String NEIGHBOUR = "handler";

  private final long limitNanos;
  private @Nullable HeadClock first;
  private @Nullable HeadClock last;
  private boolean armed;

  public HeadClocks(Duration limit) {
    this.limitNanos = limit.toNanos();
  }

  /** The same options, with a limit on how long a connection may say nothing before it is known. */
  public static HttpServerOptions limitSilence(HttpServerOptions options, Duration limit) {
    return new HttpServerOptions(options)
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setReadIdleTimeout((int) limit.toMillis());
  }

  /** To be called for each new connection: from here on silence alone is no reason to close it. */
  public void watch(HttpConnection connection) {
    ChannelPipeline pipeline = ((ConnectionBase) connection).channel().pipeline();
    if (pipeline.get(IdleStateHandler.class) != null) {
      pipeline.remove(IdleStateHandler.class);
    }
    if (connection instanceof Http1xServerConnection) {
      pipeline.addBefore(NEIGHBOUR, "headClock", new HeadClock(this));
    }
  }

  /** A connection begins to wait, now. */
  public void add(HeadClock clock, EventExecutor loop) {
    clock.waits = true;
    clock.waitingSince = System.nanoTime();
    clock.before = last;
    if (last == null) {
      first = clock;
    } else {
      last.after = clock;
    }
    last = clock;
    if (!armed) {
      armAfter(loop, limitNanos);
    }
  }

  /** A connection waits no more, if it did. */
  public void remove(HeadClock clock) {
    if (!clock.waits) {
      return;
    }
    HeadClock before = clock.before;
    HeadClock after = clock.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
    clock.before = null;
    clock.after = null;
    clock.waits = false;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // never cancelled, and it does not throw
  private void armAfter(EventExecutor loop, long nanos) {
    armed = true;
    loop.schedule(() -> look(loop), nanos, TimeUnit.NANOSECONDS);
  }

  private void look(EventExecutor loop) {
    armed = false;
    long now = System.nanoTime();
    for (HeadClock clock = first; clock != null; clock = first) {
      long left = clock.waitingSince + limitNanos - now;
      if (left > 0) {
        armAfter(loop, left);
        return;
      }
      remove(clock);
      clock.hangUp();
    }
  }
}
