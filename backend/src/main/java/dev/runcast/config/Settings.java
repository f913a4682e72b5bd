package dev.runcast.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything an operator chose, validated as a whole by {@link SettingsLoader}. Sizes are bytes
 * unless the name says otherwise; secrets mask themselves when printed.
 *
 * @param demo whether pretend tasks run against the service
 */
public record Settings(
    Server server,
    Database database,
    Security security,
    Limits limits,
    Streams streams,
    Retention retention,
    Tail tail,
    Realtime realtime,
    Engine engine,
    Cluster cluster,
    boolean demo) {

  /**
   * Where the service listens. A port of 0 means any free one.
   *
   * @param tls when present, the public port speaks TLS (HTTP/1.1 and HTTP/2)
   * @param requestTimeout how long a client may take over a request's head, and over its body
   */
  public record Server(
      String host,
      int port,
      String managementHost,
      int managementPort,
      Optional<Tls> tls,
      Duration requestTimeout) {
    /** Whether only this machine can reach the public port. */
    public boolean loopbackOnly() {
      return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }
  }

  /** A certificate chain and its private key, both PEM files. */
  public record Tls(Path certificate, Path key) {}

  /**
   * Which Postgres.
   *
   * @param outside the database to use; absent means the embedded one under {@code dataDir}
   * @param dataDir absolute; holds the embedded database and generated keys
   * @param poolSize connections for reads and writes, replication not counted
   */
  public record Database(Path dataDir, Optional<PostgresAddress> outside, int poolSize) {}

  /**
   * Keys and tokens.
   *
   * @param secretKey preset for the first environment
   * @param personalToken preset for the first personal token
   * @param encryptionKey 32 bytes as given, base64 or hex; absent means a file in the data
   *     directory
   * @param previousKeyFor how long the key before a rotation is still accepted
   */
  public record Security(
      Optional<Secret> secretKey,
      Optional<Secret> personalToken,
      Optional<Secret> encryptionKey,
      Duration previousKeyFor,
      Sessions sessions) {}

  /**
   * How long who has signed in to the dashboard stays so.
   *
   * @param life at most
   * @param idle without doing anything
   * @param trustedProxies who is believed where a request comes from
   */
  public record Sessions(Duration life, Duration idle, Networks trustedProxies) {}

  /** What a request may ask for; each is refused with a 4xx that names it. */
  public record Limits(
      int payloadBytes,
      int metadataBytes,
      int tags,
      int tagLength,
      int bodyBytes,
      int depth,
      int environmentSubscriptions,
      int tokenSubscriptions) {}

  /**
   * What writers of streams are held to.
   *
   * @param chunkBytes of one chunk
   * @param perRun how many streams a run may have
   */
  public record Streams(int chunkBytes, int perRun) {}

  /**
   * How long rows live.
   *
   * @param runs from a finished run's last change to its tombstone
   * @param tombstones from tombstone to purge; cursors older than this get a full read
   * @param chunks from when a chunk of a stream was stored
   * @param requests how long a request idempotency key is remembered
   * @param builds from when a tool had a build of tasks last; one that a run names stays
   * @param sweepEvery pause between two looks for expired rows
   */
  public record Retention(
      Duration runs,
      Duration tombstones,
      Duration chunks,
      Duration requests,
      Duration builds,
      Duration sweepEvery) {}

  /**
   * Reading the WAL.
   *
   * @param slot name of the replication slot
   * @param horizonEvery pause between two horizons
   * @param staleAfter silence after which subscribers are told
   * @param transactionBytes decoded size over which a transaction is reduced to what must resync
   */
  public record Tail(
      String slot, Duration horizonEvery, Duration staleAfter, int transactionBytes) {}

  /** Serving subscribers; all amounts are per event loop or per subscriber as each says. */
  public record Realtime(
      Ring ring, Outbox outbox, Reads reads, Duration pingEvery, Duration maxConnectionAge) {}

  /**
   * Recent changes kept for resuming, and while not yet proven visible. Each event loop counts for
   * itself, but all of them keep the same objects.
   */
  public record Ring(int bytes, int unprovenBytes) {}

  /** What may wait for one subscriber, and how long it may read nothing before it is closed. */
  public record Outbox(int bytes, Duration stuckAfter) {}

  /** Snapshot pages and how many reads one event loop runs at once. */
  public record Reads(int pageRows, int pageBytes, int concurrent) {}

  /**
   * Executing tasks.
   *
   * @param concurrentRuns of an environment, with workers at once
   * @param beginWithin how long a worker may have a run without beginning it
   * @param heardWithin how long nothing may be heard of a run's worker
   * @param cancelWithin how long a worker may take to let go of a run
   * @param shortRetry retries that are sooner are left to the worker that has the run
   */
  public record Engine(
      int concurrentRuns,
      Duration beginWithin,
      Duration heardWithin,
      Duration cancelWithin,
      Duration shortRetry) {}

  /**
   * The other nodes.
   *
   * @param members {@code host:port} of every node; empty means no cluster
   * @param host address that this node binds and tells the others
   */
  public record Cluster(List<String> members, String host, int port) {
    /** Whether there is a cluster at all. */
    public boolean enabled() {
      return !members.isEmpty();
    }
  }
}
