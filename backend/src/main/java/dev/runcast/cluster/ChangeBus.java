package dev.runcast.cluster;

import dev.runcast.run.ChangeBatch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries batches from the leader to every subscriber on every node, each of which gets them in
 * order; some may be lost. One for each {@code Vertx}.
 */
public final class ChangeBus {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeBus.class);
  private static final String ADDRESS = "runcast.changes";

  private final Vertx vertx;
  private final DeliveryOptions options;
  private final Pacing pacing;
  private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();

  /**
   * @param windowBytes about how much of what this node publishes may wait for its own subscribers
   */
  public ChangeBus(Vertx vertx, long windowBytes) {
    this(vertx, windowBytes, Pacing.PATIENCE);
  }

  ChangeBus(Vertx vertx, long windowBytes, Duration patience) {
    this.vertx = vertx;
    this.pacing = new Pacing(patience, windowBytes);
    ChangeBatchCodec codec = new ChangeBatchCodec();
    vertx.eventBus().registerCodec(codec);
    this.options = new DeliveryOptions().setCodecName(codec.name());
  }

  /**
   * Sends a batch on its way. For the tail's thread alone; it may keep that thread for up to a
   * second when this node's own subscribers are far behind, so that a long backlog of the log does
   * not pile up in memory.
   */
  public void publish(ChangeBatch batch) {
    pacing.await(subscribers, batch);
    vertx.eventBus().publish(ADDRESS, batch, options);
  }

  /**
   * Hands every batch to {@code consumer}, on the context that this is called on.
   *
   * @return completes when batches arrive
   */
  public Future<Subscriber> subscribe(Consumer<ChangeBatch> consumer) {
    MessageConsumer<ChangeBatch> registered = vertx.eventBus().consumer(ADDRESS);
    Subscriber subscriber = new Subscriber(registered, consumer);
    registered.handler(subscriber::accept);
    subscribers.add(subscriber);
    return registered.completion().map(subscriber).onFailure(e -> subscribers.remove(subscriber));
  }

  /** One who gets the batches, on its own context. */
  public final class Subscriber {
    private final MessageConsumer<ChangeBatch> registered;
    private final Consumer<ChangeBatch> consumer;

    /** The last batch that it is done with; written on its context. */
    private volatile Pacing.Mark done = pacing.newest();

    private Subscriber(MessageConsumer<ChangeBatch> registered, Consumer<ChangeBatch> consumer) {
      this.registered = registered;
      this.consumer = consumer;
    }

    private void accept(Message<ChangeBatch> message) {
      ChangeBatch batch;
      try {
        batch = message.body();
      } catch (RuntimeException e) {
        // From a node of another version: as good as lost, and noticed as such by the next one.
        LOG.warn("a batch of changes could not be read: {}", e.getMessage());
        return;
      }
      try {
        consumer.accept(batch);
      } finally {
        done = Pacing.Mark.of(batch);
      }
    }

    Pacing.Mark done() {
      return done;
    }

    /** No more batches come once this is complete. */
    public Future<Void> unsubscribe() {
      subscribers.remove(this);
      return registered.unregister();
    }
  }
}
