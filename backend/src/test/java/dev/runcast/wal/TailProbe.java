package dev.runcast.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.ChangeBatch;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.ChangeBatch.Entry;
import dev.runcast.run.RunChanged;
import dev.runcast.testing.TestPostgres.TestDatabase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A reader on a test database, with all that it has told, checked to be one unbroken chain. */
final class TailProbe implements AutoCloseable {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  static final ReplicationSettings.Pace QUICK =
      new ReplicationSettings.Pace(
          Duration.ofMillis(50),
          Duration.ofMillis(50),
          Duration.ofSeconds(5),
          Duration.ofMillis(200));

  /** For a consumer that is held up on purpose. */
  static final ReplicationSettings.Pace PATIENT =
      new ReplicationSettings.Pace(
          Duration.ofMillis(50),
          Duration.ofMillis(50),
          Duration.ofMinutes(2),
          Duration.ofMillis(200));

  private final List<ChangeBatch> batches = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<Object> signals = new LinkedBlockingQueue<>();
  final WalReader reader;

  private TailProbe(ReplicationSettings settings, Consumer<ChangeBatch> before) {
    reader =
        new WalReader(
            settings,
            batch -> {
              before.accept(batch);
              batches.add(batch);
              signals.add(batch);
            },
            InstantSource.system());
  }

  static ReplicationSettings settings(TestDatabase database) {
    return new ReplicationSettings(
        database.address(),
        "tail_" + database.name() + "_" + database.port(),
        ReplicationSettings.Limits.DEFAULT,
        QUICK);
  }

  static TailProbe start(ReplicationSettings settings) {
    return start(settings, batch -> {});
  }

  /** Runs {@code before} on the reader's thread, as a part of its consumer. */
  static TailProbe start(ReplicationSettings settings, Consumer<ChangeBatch> before) {
    TailProbe probe = new TailProbe(settings, before);
    probe.reader.start();
    return probe;
  }

  /** Starts one and waits until it has the slot and a first horizon has come back. */
  static TailProbe startLeading(ReplicationSettings settings) {
    TailProbe probe = start(settings);
    probe.awaitHorizon();
    return probe;
  }

  List<ChangeBatch> batches() {
    return List.copyOf(batches);
  }

  List<Entry> entries() {
    return batches.stream().flatMap(batch -> batch.entries().stream()).toList();
  }

  <T extends Entry> List<T> entries(Class<T> kind) {
    return entries().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  List<RunChanged> changes() {
    return entries(Committed.class).stream().flatMap(entry -> entry.changes().stream()).toList();
  }

  /** Waits for a horizon that is told from now on. */
  void awaitHorizon() {
    int before = entries(ChangeBatch.Horizon.class).size();
    await(() -> entries(ChangeBatch.Horizon.class).size() > before, "a horizon");
  }

  RunChanged awaitChange(Predicate<RunChanged> wanted) {
    await(() -> changes().stream().anyMatch(wanted), "a change");
    return changes().stream().filter(wanted).findFirst().orElseThrow();
  }

  void awaitPhase(WalState.Phase phase) {
    await(() -> reader.state().phase() == phase, "the phase " + phase);
  }

  /** Looks again whenever a batch was told, and every 20 ms for what no batch tells of. */
  void await(BooleanSupplier condition, String what) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    try {
      while (!condition.getAsBoolean()) {
        assertThat(System.nanoTime())
            .withFailMessage(
                () -> "no " + what + " within a minute; " + reader.state() + "; told " + told())
            .isLessThan(deadline);
        signals.poll(20, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The last of what was told, for who has to find out why something was not. */
  private String told() {
    return batches.stream()
        .skip(Math.max(0, batches.size() - 50))
        .map(
            batch ->
                "%d: %s to %s %s"
                    .formatted(batch.session(), batch.prev(), batch.last(), batch.entries()))
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    reader.stop();
    assertThat(reader.state().phase()).isEqualTo(WalState.Phase.STOPPED);
    assertChained();
  }

  private void assertChained() {
    for (int i = 1; i < batches.size(); i++) {
      ChangeBatch before = batches.get(i - 1);
      ChangeBatch batch = batches.get(i);
      if (batch.session() == before.session()) {
        assertThat(batch.prev()).isEqualTo(before.last());
      }
      assertThat(batch.session()).isGreaterThanOrEqualTo(before.session());
    }
    for (ChangeBatch batch : batches) {
      assertThat(batch.last()).isGreaterThanOrEqualTo(batch.prev());
      assertThat(batch.entries())
          .allSatisfy(entry -> assertThat(entry.lsn()).isLessThanOrEqualTo(batch.last()))
          .allSatisfy(entry -> assertThat(entry.lsn()).isGreaterThan(batch.prev()));
      assertThat(batch.entries()).extracting(Entry::lsn).isSorted();
    }
  }
}
