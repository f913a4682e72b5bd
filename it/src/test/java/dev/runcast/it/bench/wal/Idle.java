package dev.runcast.it.bench.wal;

import dev.runcast.hub.Hub;
import dev.runcast.hub.Resync;
import dev.runcast.hub.Sink;
import dev.runcast.hub.Subscription;
import dev.runcast.hub.SubscriptionOptions;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.SharedFrame;
import org.jspecify.annotations.Nullable;

/** Subscriptions that only stand in the way. */
final class Idle implements Sink, Resync {
  private static final Idle IDLE = new Idle();

  private Idle() {}

  static Subscription subscription(Hub hub, Filter filter) {
    return new Subscription(hub, filter, IDLE, IDLE, new SubscriptionOptions(null, false, false));
  }

  @Override
  public void write(SharedFrame frame, @Nullable Cursor cursor) {}

  @Override
  public boolean isFull() {
    return false;
  }

  @Override
  public void onDrain(Runnable drained) {}

  @Override
  public Bearer bearer() {
    return new Bearer(new EnvironmentId("env"), "", null, null);
  }

  @Override
  public void close(CloseCode code) {}

  @Override
  public void again(Subscription subscription) {}

  @Override
  public void one(Subscription subscription, RunId run) {}
}
