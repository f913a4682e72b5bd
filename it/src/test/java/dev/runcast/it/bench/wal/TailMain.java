package dev.runcast.it.bench.wal;

import dev.runcast.cluster.ChangeBus;
import dev.runcast.config.PostgresAddress;
import dev.runcast.hub.Hub;
import dev.runcast.it.bench.RowShape;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.Filter;
import dev.runcast.wal.ReplicationSettings;
import dev.runcast.wal.WalReader;
import dev.runcast.wal.WalState;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * The process: reads a slot to its end as the service does, on the tail's own thread, and routes
 * every change through a hub on an event loop. For each line {@code {"slot", "rows"}} it answers
 * {@code {"seconds"}}, from the moment that it has the slot until the last row was routed.
 */
public final class TailMain {
  private static final int SUBSCRIPTIONS = 1_000;
  private static final int PATIENCE_SECONDS = 60;

  private final PostgresAddress database;
  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final ChangeBus bus = new ChangeBus(vertx, 16 << 20);

  private TailMain(PostgresAddress database) {
    this.database = database;
  }

  /** Takes the database's URL from {@code DATABASE_URL}: it holds a password. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, TimeoutException {
    TailMain main = new TailMain(PostgresAddress.parse(System.getenv("DATABASE_URL")));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonObject command = new JsonObject(line);
      double seconds = main.read(command.getString("slot"), command.getInteger("rows"));
      System.out.println(new JsonObject().put("seconds", seconds).encode());
    }
    System.exit(0);
  }

  private double read(String slot, int rows) throws InterruptedException, TimeoutException {
    Routing routing = new Routing(rows);
    ChangeBus.Subscriber subscriber = subscribe(routing);
    WalReader reader =
        new WalReader(
            new ReplicationSettings(
                database,
                slot,
                ReplicationSettings.Limits.DEFAULT,
                ReplicationSettings.Pace.DEFAULT),
            bus::publish,
            InstantSource.system());
    reader.start();
    while (reader.state().phase() != WalState.Phase.LEADER) {
      LockSupport.parkNanos(100_000);
    }
    long began = System.nanoTime();
    boolean done = routing.done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    long ended = System.nanoTime();
    reader.stop();
    subscriber.unsubscribe().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!done) {
      throw new IllegalStateException("not all rows came; the last state was " + reader.state());
    }
    return (ended - began) / 1e9;
  }

  private ChangeBus.Subscriber subscribe(Routing routing) throws TimeoutException {
    Promise<ChangeBus.Subscriber> subscribed = Promise.promise();
    loop.runOnContext(now -> bus.subscribe(routing::take).onComplete(subscribed));
    return subscribed.future().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** A hub with subscriptions to other things. Confined to its event loop. */
  private static final class Routing {
    private final Hub hub = new Hub(Hub.Budgets.DEFAULT, InstantSource.system());
    private final CountDownLatch done = new CountDownLatch(1);
    private int left;

    Routing(int rows) {
      left = rows;
      for (int i = 0; i < SUBSCRIPTIONS; i++) {
        hub.add(
            Idle.subscription(
                hub,
                new Filter.ByTags(
                    RowShape.ENVIRONMENT, Set.of("tag-" + i), Filter.Narrowing.NONE)));
      }
    }

    void take(ChangeBatch batch) {
      hub.dispatch(batch);
      for (ChangeBatch.Entry entry : batch.entries()) {
        if (entry instanceof ChangeBatch.Committed committed) {
          left -= committed.changes().size();
        }
      }
      if (left <= 0) {
        done.countDown();
      }
    }
  }
}
