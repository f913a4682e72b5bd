package dev.runcast.wal;

import dev.runcast.config.PostgresAddress;
import dev.runcast.config.Settings;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What the tail needs to know.
 *
 * @param slotName names the replication slot; unique in the whole Postgres server, 1 to 63 of
 *     {@code [a-z0-9_]}
 */
public record ReplicationSettings(
    PostgresAddress server, String slotName, Limits limits, Pace pace) {
  private static final Pattern SLOT_NAME = Pattern.compile("[a-z0-9_]{1,63}");

  /**
   * How much is held at a time.
   *
   * @param transactionBytes what the rows of one transaction may take; over it the transaction is
   *     told as oversized
   * @param transactionKeys how many filter keys are kept of such a one; over it its environments
   *     alone
   * @param batchRows a batch is told once it has this many rows, more only by its last transaction
   * @param batchBytes the same in bytes read
   */
  public record Limits(long transactionBytes, int transactionKeys, int batchRows, long batchBytes) {
    public static final Limits DEFAULT = new Limits(16L << 20, 50_000, 1_000, 512L << 10);

    Limits withTransactionBytes(long bytes) {
      return new Limits(bytes, transactionKeys, batchRows, batchBytes);
    }
  }

  /**
   * How often and how long.
   *
   * @param horizon from one horizon to the next
   * @param status how often Postgres is told, at least, up to where its log is done with
   * @param senderTimeout after which silence Postgres takes this reader for dead
   * @param maxBackoff the longest wait between two attempts to become the leader
   */
  public record Pace(
      Duration horizon, Duration status, Duration senderTimeout, Duration maxBackoff) {
    public static final Pace DEFAULT =
        new Pace(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2));

    Pace withHorizon(Duration changed) {
      return new Pace(changed, status, senderTimeout, maxBackoff);
    }
  }

  public ReplicationSettings {
    if (!SLOT_NAME.matcher(slotName).matches()) {
      throw new IllegalArgumentException(
          "the replication slot's name must be 1 to 63 characters of [a-z0-9_]");
    }
  }

  /** What an operator chose, and for the rest what has proved good. */
  public static ReplicationSettings of(PostgresAddress server, Settings.Tail tail) {
    return new ReplicationSettings(
        server,
        tail.slot(),
        Limits.DEFAULT.withTransactionBytes(tail.transactionBytes()),
        Pace.DEFAULT.withHorizon(tail.horizonEvery()));
  }

  public ReplicationSettings withLimits(Limits changed) {
    return new ReplicationSettings(server, slotName, changed, pace);
  }

  public ReplicationSettings withPace(Pace changed) {
    return new ReplicationSettings(server, slotName, limits, changed);
  }
}
