package dev.runcast.cluster;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.ChangeBatch;
import dev.runcast.run.RunChanged;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChangeBusTest {
  private static final long WINDOW_BYTES = 1 << 20;

  private final Vertx vertx = Vertx.vertx();
  private final ChangeBus bus = new ChangeBus(vertx, WINDOW_BYTES);

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void handsTheSameBatchToEverySubscriberOfTheNode() throws InterruptedException {
    BlockingQueue<ChangeBatch> first = subscribe();
    BlockingQueue<ChangeBatch> second = subscribe();
    ChangeBatch batch = batch(1);

    bus.publish(batch);

    assertThat(first.poll(30, TimeUnit.SECONDS)).isSameAs(batch);
    assertThat(second.poll(30, TimeUnit.SECONDS)).isSameAs(batch);
  }

  @Test
  void keepsTheOrder() throws InterruptedException {
    BlockingQueue<ChangeBatch> received = subscribe();

    for (int i = 1; i <= 100; i++) {
      bus.publish(batch(i));
    }

    for (int i = 1; i <= 100; i++) {
      assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo(batch(i));
    }
  }

  @Test
  void handsNothingToWhoHasUnsubscribed() throws InterruptedException {
    AtomicInteger count = new AtomicInteger();
    ChangeBus.Subscriber gone = await(bus.subscribe(batch -> count.incrementAndGet()));
    BlockingQueue<ChangeBatch> received = subscribe();

    await(gone.unsubscribe());
    bus.publish(batch(1));

    assertThat(received.poll(30, TimeUnit.SECONDS)).isNotNull();
    assertThat(count).hasValue(0);
  }

  @Test
  void doesNotRunFarAheadOfASlowSubscriber() {
    ChangeBus patient = anotherBus(Duration.ofMinutes(1));
    AtomicInteger handled = new AtomicInteger();
    await(
        patient.subscribe(
            batch -> {
              LockSupport.parkNanos(200_000);
              handled.incrementAndGet();
            }));

    int lead = 0;
    for (int i = 1; i <= 300; i++) {
      patient.publish(batch(i));
      lead = Math.max(lead, i - handled.get());
    }

    assertThat(lead).isLessThanOrEqualTo(Pacing.WINDOW + 1);
  }

  @Test
  void letsNoMoreBytesBeOnTheirWayThanTheWindowHolds() {
    ChangeBus patient = anotherBus(Duration.ofMinutes(1));
    AtomicInteger handled = new AtomicInteger();
    await(
        patient.subscribe(
            batch -> {
              LockSupport.parkNanos(200_000);
              handled.incrementAndGet();
            }));
    List<ChangeBatch.Entry> heavy = heavyEntries();

    int lead = 0;
    for (int i = 1; i <= 100; i++) {
      patient.publish(new ChangeBatch(new Incarnation(1, 1), 1, new Lsn(i - 1), new Lsn(i), heavy));
      lead = Math.max(lead, i - handled.get());
    }

    long weight = batchOf(heavy).weight();
    assertThat(weight).isGreaterThan(WINDOW_BYTES / 4).isLessThan(WINDOW_BYTES);
    assertThat(lead * weight).isLessThanOrEqualTo(WINDOW_BYTES + weight);
  }

  /** One transaction of many changes. */
  private static List<ChangeBatch.Entry> heavyEntries() {
    RunChanged change = new RandomBatches(new Random(1)).change();
    return List.of(
        new ChangeBatch.Committed(
            new Lsn(1), 1, change.committedAt(), Collections.nCopies(600, change)));
  }

  private static ChangeBatch batchOf(List<ChangeBatch.Entry> entries) {
    return new ChangeBatch(new Incarnation(1, 1), 1, new Lsn(0), new Lsn(1), entries);
  }

  @Test
  void doesNotWaitForEverForASubscriberThatIsStuck() {
    ChangeBus impatient = anotherBus(Duration.ofMillis(20));
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch stuck = new CountDownLatch(1);
    await(
        impatient.subscribe(
            batch -> {
              if (batch.last().value() == 2) {
                stuck.countDown();
                awaitQuietly(release);
              }
            }));
    impatient.publish(batch(1));
    impatient.publish(batch(2));
    awaitQuietly(stuck);

    for (int i = 3; i <= 10 * Pacing.WINDOW; i++) {
      impatient.publish(batch(i));
    }

    assertThat(release.getCount()).as("got here while it was stuck").isEqualTo(1);
    release.countDown();
  }

  private ChangeBus anotherBus(Duration patience) {
    vertx.eventBus().unregisterCodec(new ChangeBatchCodec().name());
    return new ChangeBus(vertx, WINDOW_BYTES, patience);
  }

  private BlockingQueue<ChangeBatch> subscribe() {
    BlockingQueue<ChangeBatch> received = new LinkedBlockingQueue<>();
    await(bus.subscribe(received::add));
    return received;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ChangeBatch batch(long number) {
    return new ChangeBatch(
        new Incarnation(1, 1), 1, new Lsn(number - 1), new Lsn(number), List.of());
  }
}
