package dev.runcast.subscribe;

import dev.runcast.hub.Hub;
import dev.runcast.hub.log.Pin;
import dev.runcast.hub.tally.Recount;
import dev.runcast.hub.tally.Tally;
import dev.runcast.run.Filter;
import dev.runcast.run.tally.FeedTally;
import dev.runcast.store.feed.TallyReader;
import dev.runcast.subscribe.revocation.RevocationWatch;
import io.vertx.core.AsyncResult;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what feeds add up to, for the tallies of one hub and on its event loop: the same for rows
 * is {@link SubscribeFlow}. A few at a time, since each may go through all of a feed's rows.
 */
public final class TallyFlow implements Recount {
  private static final Logger LOG = LoggerFactory.getLogger(TallyFlow.class);
  private static final Duration RETRY = Duration.ofMillis(500);

  private record Key(Filter filter, boolean digest) {}

  private final Hub hub;
  private final TallyReader reader;
  private final ReadGate gate;
  private final BiConsumer<Duration, Runnable> later;

  /**
   * @param concurrentReads how many feeds may be added up at once
   * @param later runs something on this event loop after that long
   */
  public TallyFlow(
      Hub hub,
      TallyReader reader,
      int concurrentReads,
      BiConsumer<Duration, Runnable> later,
      RevocationWatch revocations) {
    this.hub = hub;
    this.reader = reader;
    this.gate = new ReadGate(concurrentReads, hub, revocations);
    this.later = later;
  }

  @Override
  public void read(Tally tally) {
    long reading = tally.reading();
    hub.heard().horizons().whenKnown(() -> read(tally, reading));
  }

  private void read(Tally tally, long reading) {
    if (!tally.isReading(reading)) {
      return;
    }
    Filter filter = tally.filter();
    boolean digest = tally.isWithDigest();
    gate.read(
        new Key(filter, digest),
        () -> reader.tally(filter, digest),
        (answer, pin) -> taken(tally, reading, answer, pin));
  }

  private void taken(Tally tally, long reading, AsyncResult<FeedTally> answer, Pin pin) {
    if (!tally.isReading(reading)) {
      return;
    }
    @Nullable FeedTally read = answer.result();
    if (answer.succeeded() && read != null) {
      tally.take(read, pin);
    } else {
      later(RETRY, () -> read(tally, reading));
    }
  }

  @Override
  public void later(Duration delay, Runnable task) {
    later.accept(delay, task);
  }

  @Override
  public void differs(Tally tally, String moved, String recounted) {
    LOG.warn(
        "what a feed adds up to had drifted feed={} moved={} recounted={}",
        tally.filter(),
        moved,
        recounted);
  }
}
