package dev.runcast.http.limit;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * Tells of one connection of HTTP/1 when it begins to wait for the head of a request and when that
 * has come. It sits beside Vert.x's handler of the connection, where heads come in decoded and
 * responses pass before they are encoded.
 */
public final class HeadClock extends ChannelDuplexHandler {
  private final HeadClocks clocks;
  private @Nullable ChannelHandlerContext context;
  private int underWay;

  // Its place among those that wait; {@link HeadClocks} alone touches these.
  long waitingSince;
  boolean waits;
  @Nullable HeadClock before;
  @Nullable HeadClock after;

  public HeadClock(HeadClocks clocks) {
    this.clocks = clocks;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    clocks.add(this, added.executor());
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    clocks.remove(this);
  }

  @Override
  public void channelInactive(ChannelHandlerContext inactive) {
    clocks.remove(this);
    inactive.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext from, Object message) {
    if (message instanceof HttpRequest) {
      underWay++;
      clocks.remove(this);
    }
    from.fireChannelRead(message);
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // it is the promise that was given
  public void write(ChannelHandlerContext to, Object message, ChannelPromise promise) {
    to.write(message, promise);
    if (endsResponse(message) && underWay > 0) {
      underWay--;
      if (underWay == 0 && to.channel().isActive()) {
        clocks.add(this, to.executor());
      }
    }
  }

  private static boolean endsResponse(Object message) {
    boolean interim =
        message instanceof HttpResponse response
            && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    return message instanceof LastHttpContent && !interim;
  }

  /** It has waited for too long. */
  @SuppressWarnings("FutureReturnValueIgnored") // nobody is there to be told
  public void hangUp() {
    if (context != null) {
      context.close();
    }
  }
}
