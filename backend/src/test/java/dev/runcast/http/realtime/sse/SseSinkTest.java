package dev.runcast.http.realtime.sse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.auth.Principals;
import dev.runcast.http.realtime.FeedLoop;
import dev.runcast.http.realtime.FeedQuery;
import dev.runcast.http.realtime.FeedRequest;
import dev.runcast.http.realtime.SubscribeParser;
import dev.runcast.run.EnvironmentId;
import dev.runcast.subscribe.Limits;
import dev.runcast.testing.Await;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a sink gives back when its connection fails it, which real ones do too rarely to wait for.
 */
class SseSinkTest {
  private static final EnvironmentId ENV = new EnvironmentId("env");
  private static final InstantSource CLOCK = InstantSource.system();

  private static Vertx vertx;
  private final Limits limits = new Limits(10, 10);
  private Context context;
  private SseLoop loop;

  /** A connection that fails on demand and whose client takes the last byte when the test says. */
  private static final class Connection implements EventWriter {
    final Promise<Void> taken = Promise.promise();
    boolean failsWrites;
    boolean failsEnds;
    int writes;
    int ends;
    final AtomicInteger aborts = new AtomicInteger();

    @Override
    public void write(Buffer bytes) {
      if (failsWrites) {
        throw new IllegalStateException("wanted by the test");
      }
      writes++;
    }

    @Override
    public boolean isFull() {
      return false;
    }

    @Override
    public void onDrain(Runnable drained) {
      // Never full.
    }

    @Override
    public Future<Void> end() {
      if (failsEnds) {
        throw new IllegalStateException("wanted by the test");
      }
      ends++;
      return taken.future();
    }

    @Override
    public void abort() {
      aborts.incrementAndGet();
    }
  }

  @BeforeAll
  static void startVertx() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopVertx() {
    vertx.close().await();
  }

  @BeforeEach
  void makeLoop() {
    context = vertx.getOrCreateContext();
    FeedLoop.Pace unhurried = new FeedLoop.Pace(Duration.ofHours(16), Duration.ofDays(7));
    loop =
        onLoop(
            () ->
                new SseLoop(
                    new FeedLoop(vertx, unhurried, CLOCK, new Random(1)),
                    ((ContextInternal) context).nettyEventLoop()));
  }

  @Test
  void givesEverythingBackWhenTheEndCannotBeWritten() {
    Connection broken = new Connection();
    broken.failsWrites = true;

    onLoop(() -> close(sink(broken)));

    assertGivenBack(broken);
  }

  @Test
  void givesEverythingBackWhenTheStreamCannotBeEnded() {
    Connection broken = new Connection();
    broken.failsEnds = true;

    onLoop(() -> close(sink(broken)));

    assertGivenBack(broken);
  }

  @Test
  void breaksOffWhenAFrameCannotBeWrittenAndSwallowsTheRest() {
    Connection broken = new Connection();
    broken.failsWrites = true;

    onLoop(
        () -> {
          SseSink sink = sink(broken);
          sink.write(new SharedFrame(new Frame.Live()), null);
          broken.failsWrites = false;
          sink.write(new SharedFrame(new Frame.Live()), null);
          return close(sink);
        });

    assertGivenBack(broken);
    assertThat(broken.writes).isZero();
    assertThat(broken.ends).isZero();
  }

  @Test
  void breaksOffWhenAPingCannotBeWritten() {
    Connection broken = new Connection();
    broken.failsWrites = true;

    onLoop(
        () -> {
          sink(broken).visit(loop.feeds().now());
          return null;
        });

    assertGivenBack(broken);
  }

  @Test
  void endsOnceWhoeverAsksForItAndHoweverOften() {
    Connection connection = new Connection();

    onLoop(
        () -> {
          SseSink sink = sink(connection);
          sink.end(CloseCode.SHUTDOWN);
          sink.close(CloseCode.INTERNAL);
          sink.gone();
          sink.breakOff(new IllegalStateException("too late"));
          return null;
        });

    assertThat(connection.writes).isEqualTo(1);
    assertThat(connection.ends).isEqualTo(1);
    assertThat(connection.aborts).hasValue(0);
    assertThat(limits.openSubscriptions()).isZero();
    assertThat(loop.feeds().connections()).isZero();
  }

  @Test
  void breaksOffOnlyAClientThatHasNotTakenTheLastByte() {
    Connection takesAtOnce = new Connection();
    takesAtOnce.taken.complete();
    Connection takesSoon = new Connection();
    Connection breaks = new Connection();
    Connection takesNothing = new Connection();

    onLoop(
        () -> {
          close(sink(takesAtOnce));
          close(sink(takesSoon));
          close(sink(breaks));
          takesSoon.taken.complete();
          breaks.taken.fail("the client is gone");
          return close(sink(takesNothing));
        });

    // The last of the four is the last whose time is over.
    Await.until("the stuck one is broken off", () -> takesNothing.aborts.get() == 1);
    assertThat(takesAtOnce.aborts).hasValue(0);
    assertThat(takesSoon.aborts).hasValue(0);
    assertThat(breaks.aborts).hasValue(0);
  }

  private void assertGivenBack(Connection connection) {
    assertThat(limits.openSubscriptions()).isZero();
    assertThat(onLoop(() -> loop.feeds().connections())).isZero();
    assertThat(connection.aborts).hasValue(1);
  }

  private static Void close(SseSink sink) {
    sink.close(CloseCode.MAX_AGE);
    return null;
  }

  private SseSink sink(Connection connection) {
    FeedRequest feed =
        new SubscribeParser(CLOCK)
            .runs(Principals.owner(ENV), new FeedQuery(MultiMap.caseInsensitiveMultiMap(), null));
    SseSink.End end = new SseSink.End(Long.MAX_VALUE, CloseCode.MAX_AGE);
    return new SseSink(loop, connection, feed, end, limits.take(ENV, null).orElseThrow());
  }

  private <T> T onLoop(Callable<T> work) {
    Promise<T> done = Promise.promise();
    context.runOnContext(
        go -> {
          try {
            done.complete(work.call());
          } catch (Exception e) {
            done.fail(e);
          }
        });
    return Await.await(done.future());
  }
}
