package dev.runcast.wal;

import dev.runcast.run.ChangeBatch;
import dev.runcast.wal.ReplicationConnection.Data;
import dev.runcast.wal.ReplicationConnection.Keepalive;
import dev.runcast.wal.ReplicationConnection.Received;
import dev.runcast.wal.WalState.Phase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tail of one node: tries for the slot until it is the leader, then reads the log and hands
 * each {@link ChangeBatch} to a consumer, on a thread of its own, for as long as it may.
 *
 * <p>What the consumer has returned from is acknowledged. What it threw at, and whatever else goes
 * wrong, ends the session and is told again in the next one: with a greater session number and,
 * where the log does not go on, another incarnation. The consumer may take its time up to about
 * half the sender timeout; it is called with nothing else held.
 */
public final class WalReader {
  private static final Logger LOG = LoggerFactory.getLogger(WalReader.class);
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final ReplicationSettings settings;
  private final Consumer<ChangeBatch> consumer;
  private final InstantSource clock;
  private final PostgresConnections connections;
  private final HorizonBeat beat;
  private final Backoff backoff;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;

  /** Written by the reader's thread only. */
  private volatile WalState state = WalState.STOPPED;

  /** When the stream last brought something; written by the reader's thread, read by the beat's. */
  private volatile long heardAtNanos = System.nanoTime();

  /** The beat of the session that is on; written by the reader's thread, nudged by who stops it. */
  private volatile HorizonBeat.@Nullable Pulse pulse;

  /** How many attempts have failed in a row. Owned by the reader's thread. */
  private int failures;

  /** When a batch was told last. Owned by the reader's thread. */
  private long toldAtNanos;

  public WalReader(
      ReplicationSettings settings, Consumer<ChangeBatch> consumer, InstantSource clock) {
    this.settings = settings;
    this.consumer = consumer;
    this.clock = clock;
    this.connections = new PostgresConnections(settings.server());
    this.beat = HorizonBeat.create(connections, settings);
    this.backoff = new Backoff(FIRST_BACKOFF, settings.pace().maxBackoff());
    this.thread = new Thread(this::run, "runcast-tail");
    this.thread.setDaemon(true);
  }

  /** Begins; returns at once. A reader is started once. */
  public void start() {
    thread.start();
  }

  /** How it stands; from any thread. */
  public WalState state() {
    return state;
  }

  /**
   * How many bytes of its log Postgres keeps for the slot, by the last horizon; empty where this
   * node does not lead. From any thread.
   */
  public OptionalLong retainedBytes() {
    return state.phase() == Phase.LEADER
        ? OptionalLong.of(beat.retainedBytes())
        : OptionalLong.empty();
  }

  /**
   * Ends it and waits until its thread is done, a few seconds at the most: acknowledges what was
   * told and lets go of the slot, so that a standby takes over at once. Blocks, so not for an event
   * loop.
   */
  public void stop() {
    stopping.countDown();
    HorizonBeat.Pulse beating = pulse;
    if (beating != null) {
      beating.nudge();
    }
    if (!hasEndedWithin(GRACE)) {
      connections.abortAll();
      hasEndedWithin(GRACE);
    }
    beat.shutdown();
  }

  private boolean hasEndedWithin(Duration patience) {
    try {
      thread.join(patience.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  private boolean isRunning() {
    return stopping.getCount() > 0;
  }

  private void run() {
    enter(Phase.CONNECTING, null);
    try {
      while (isRunning()) {
        attempt();
        pause();
      }
    } finally {
      enter(Phase.STOPPED, null);
    }
  }

  private void attempt() {
    failures++;
    try (ReplicationConnection connection = ReplicationConnection.open(connections, settings)) {
      ReplicationSession session = acquire(connection);
      if (session != null) {
        failures = 0;
        serve(connection, session);
      }
    } catch (SQLException e) {
      enter(Phase.CONNECTING, e.getMessage());
    } catch (RuntimeException e) {
      // A consumer's or our own mistake must not end the tail for good: told again, it may pass.
      LOG.error("the replication session failed", e);
      enter(Phase.CONNECTING, "the session failed: " + e.getClass().getSimpleName());
    }
  }

  private void pause() {
    Duration delay = backoff.delay(failures, ThreadLocalRandom.current().nextDouble());
    try {
      stopping.await(delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      stopping.countDown(); // nobody but an owner of this thread interrupts it
    }
  }

  /** The session, if the slot could be had; else says in the state why not. */
  private @Nullable ReplicationSession acquire(ReplicationConnection connection)
      throws SQLException {
    // No timeout: making a slot waits for every open transaction. Stopping breaks the connection.
    Connection ordinary = connections.openOrdinary("runcast slot", 0);
    try {
      ReplicationSetup setup =
          new ReplicationSetup(ordinary, settings.slotName(), this::waitsForOpenTransactions);
      if (!isReady(setup.prepare(connection.identifySystem())) || !isStarted(connection)) {
        return null;
      }
      return setup.session(connection.processId());
    } finally {
      connections.close(ordinary);
    }
  }

  private void waitsForOpenTransactions() {
    enter(
        Phase.WAITING_FOR_SLOT,
        "it is being made, for which Postgres waits until every transaction that is open has ended");
  }

  private boolean isReady(ReplicationSetup.Outcome outcome) {
    if (outcome instanceof ReplicationSetup.Unavailable unavailable) {
      enter(Phase.WAITING_FOR_SLOT, unavailable.reason());
    } else if (outcome instanceof ReplicationSetup.Taken) {
      enter(Phase.STANDBY, null);
    }
    return outcome instanceof ReplicationSetup.Ready;
  }

  private boolean isStarted(ReplicationConnection connection) throws SQLException {
    boolean started = connection.start();
    if (!started) {
      enter(Phase.STANDBY, null);
    }
    return started;
  }

  private void serve(ReplicationConnection connection, ReplicationSession session)
      throws SQLException {
    enter(Phase.LEADER, null);
    ChangeStream stream = new ChangeStream(session, settings.limits());
    connection.acknowledge(session.start());
    heardAtNanos = System.nanoTime();
    HorizonBeat.Pulse beating =
        beat.start(session, () -> System.nanoTime() - heardAtNanos, connection::abort);
    pulse = beating;
    try {
      while (isRunning()) {
        boolean wantsAnswer = fill(stream, connection);
        tell(stream, connection, wantsAnswer);
      }
      connection.end();
    } finally {
      pulse = null;
      beating.stop();
    }
  }

  /**
   * Waits for something, then takes all that has come in, up to a full batch.
   *
   * @return whether Postgres wants to know now how far we are
   */
  private boolean fill(ChangeStream stream, ReplicationConnection connection) throws SQLException {
    Received received = connection.read();
    heardAtNanos = System.nanoTime();
    boolean wantsAnswer = false;
    while (received != null) {
      if (received instanceof Data data) {
        stream.accept(data.payload());
      } else if (received instanceof Keepalive keepalive) {
        stream.acceptKeepalive(keepalive.sent());
        wantsAnswer |= keepalive.wantsAnswer();
      }
      received = wantsAnswer || stream.isFull() ? null : connection.readPending();
    }
    return wantsAnswer;
  }

  /**
   * Hands over what has come in. That the log merely went on is told at the pace of the status, or
   * when Postgres asks: a server that shuts down waits for everything to be acknowledged.
   */
  private void tell(ChangeStream stream, ReplicationConnection connection, boolean wantsAnswer)
      throws SQLException {
    long now = System.nanoTime();
    boolean isDue = wantsAnswer || now - toldAtNanos >= settings.pace().status().toNanos();
    if (stream.hasNews() || (isDue && stream.hasMoved())) {
      ChangeBatch batch = stream.take();
      consumer.accept(batch);
      connection.acknowledge(batch.last());
      toldAtNanos = now;
      note(batch);
    }
    connection.sendStatus(wantsAnswer);
  }

  private void note(ChangeBatch batch) {
    if (batch.entries().stream().anyMatch(ChangeBatch.Horizon.class::isInstance)) {
      state = state.withHorizonAt(clock.instant());
    }
  }

  /** Logs only what is new: a standby that tries every second must not fill the log. */
  private void enter(Phase phase, @Nullable String reason) {
    WalState before = state;
    state = before.in(phase, reason);
    if (before.phase() != phase || !Objects.equals(before.reason(), reason)) {
      LOG.info("tail is {}{}", phase, reason == null ? "" : ": " + reason);
    }
  }
}
