package dev.runcast.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.Http1xServerConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection of HTTP/1 that nothing is being answered on and whose client does not bring
 * the whole head of a request in time: one that sends half a head, or a byte now and then, or
 * leaves the body of a request that was refused unfinished, or keeps a connection for nothing. A
 * request that is being answered, as an open feed is, is none of its business.
 *
 * <p>It sits beside Vert.x's handler of the connection, where heads come in decoded and responses
 * pass before they are encoded. Until there is such a handler, which without TLS is when the first
 * head has come, Vert.x's own limit on silence holds, {@link #limitSilence}.
 */
final class HeadClock extends ChannelDuplexHandler {
  private static final String NEIGHBOUR = "handler";

  private final long limitNanos;
  private int underWay;
  private long waitingSince;
  private boolean armed;

  private HeadClock(Duration limit) {
    this.limitNanos = limit.toNanos();
  }

  /** The same options, with a limit on how long a connection may say nothing before it is known. */
  static HttpServerOptions limitSilence(HttpServerOptions options, Duration limit) {
    return new HttpServerOptions(options)
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setReadIdleTimeout((int) limit.toMillis());
  }

  /** To be called for each new connection: from here on silence alone is no reason to close it. */
  static void watch(HttpConnection connection, Duration limit) {
    ChannelPipeline pipeline = ((ConnectionBase) connection).channel().pipeline();
    if (pipeline.get(IdleStateHandler.class) != null) {
      pipeline.remove(IdleStateHandler.class);
    }
    if (connection instanceof Http1xServerConnection) {
      pipeline.addBefore(NEIGHBOUR, "headClock", new HeadClock(limit));
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    await(context);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest) {
      underWay++;
    }
    context.fireChannelRead(message);
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // it is the promise that was given
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    context.write(message, promise);
    if (endsResponse(message) && underWay > 0) {
      underWay--;
      if (underWay == 0) {
        await(context);
      }
    }
  }

  private static boolean endsResponse(Object message) {
    boolean interim =
        message instanceof HttpResponse response
            && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    return message instanceof LastHttpContent && !interim;
  }

  private void await(ChannelHandlerContext context) {
    waitingSince = System.nanoTime();
    if (!armed) {
      armAfter(context, limitNanos);
    }
  }

  /** One timer is out at most, and none while a long answer is under way. */
  @SuppressWarnings("FutureReturnValueIgnored") // never cancelled, and it does not throw
  private void armAfter(ChannelHandlerContext context, long nanos) {
    armed = true;
    context.executor().schedule(() -> look(context), nanos, TimeUnit.NANOSECONDS);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nobody is there to be told
  private void look(ChannelHandlerContext context) {
    armed = false;
    if (underWay > 0 || context.isRemoved()) {
      return;
    }
    long left = waitingSince + limitNanos - System.nanoTime();
    if (left > 0) {
      armAfter(context, left);
    } else {
      context.close();
    }
  }
}
