package dev.runcast.config;

import java.util.Locale;

/**
 * Every setting there is: its flag, its environment variable, its default and one sentence of help.
 * A flag wins over a variable, a variable over the default. An empty default means "not set".
 */
public enum Setting {
  HOST(
      Section.SERVER,
      "ADDRESS",
      "127.0.0.1",
      "Address to listen on; 0.0.0.0 opens the service to your network."),
  PORT(Section.SERVER, "PORT", "3030", "Port of the API and the dashboard; 0 takes a free one."),
  MANAGEMENT_HOST(
      Section.SERVER, "ADDRESS", "127.0.0.1", "Address of health, readiness and metrics."),
  MANAGEMENT_PORT(
      Section.SERVER, "PORT", "3031", "Port of health, readiness and metrics; 0 takes a free one."),
  REQUEST_TIMEOUT(
      Section.SERVER,
      "DURATION",
      "75s",
      "A request must have come whole after this, streamed items must keep coming; feeds stay open."),
  TLS_CERT(Section.SERVER, "FILE", "", "Certificate chain (PEM); with it the service speaks TLS."),
  TLS_KEY(Section.SERVER, "FILE", "", "Private key (PEM) of the certificate."),

  DEMO(
      Section.SERVER,
      "true|false",
      "false",
      "Run a small fleet of pretend tasks, so that there is something to watch."),

  DATA_DIR(
      Section.DATABASE,
      "DIR",
      ".runcast",
      "Holds the embedded database and the generated keys; made when missing."),
  DATABASE_URL(
      Section.DATABASE,
      "URL",
      "",
      "Use this Postgres 15 to 18 instead of the embedded one:"
          + " postgres://user:password@host:5432/database?sslmode=verify-full"),
  DATABASE_POOL(Section.DATABASE, "COUNT", "20", "Connections kept for reads and writes."),

  SECRET_KEY(
      Section.SECURITY,
      "KEY",
      "",
      "Secret key of the first environment; generated when not given."),
  PERSONAL_TOKEN(
      Section.SECURITY,
      "TOKEN",
      "",
      "The first personal token, for the command line tool; generated when not given."),
  ENCRYPTION_KEY(
      Section.SECURITY,
      "KEY",
      "",
      "32 bytes in base64 or hex that encrypt the stored secret keys; else a file in the data"
          + " directory."),
  PREVIOUS_KEY_FOR(
      Section.SECURITY,
      "DURATION",
      "24h",
      "How long a rotated secret key's predecessor is still accepted."),
  SESSION_LIFE(
      Section.SECURITY,
      "DURATION",
      "7d",
      "Who signs in to the dashboard stays so at most this long."),
  SESSION_IDLE(
      Section.SECURITY,
      "DURATION",
      "12h",
      "A session of the dashboard that nobody uses ends after this."),
  TRUSTED_PROXIES(
      Section.SECURITY,
      "ADDRESSES",
      "",
      "Proxies whose X-Forwarded-For is believed when failures to sign in are counted: 10.0.0.0/8,…"),

  MAX_PAYLOAD(Section.LIMITS, "BYTES", "3MiB", "Largest payload or output of a run."),
  MAX_METADATA(Section.LIMITS, "BYTES", "256KiB", "Largest metadata of a run."),
  MAX_TAGS(Section.LIMITS, "COUNT", "10", "Most tags on one run."),
  MAX_TAG_LENGTH(Section.LIMITS, "COUNT", "128", "Most characters in one tag."),
  MAX_CHUNK(Section.LIMITS, "BYTES", "1MiB", "Largest chunk of a stream."),
  MAX_STREAMS(Section.LIMITS, "COUNT", "100", "Most streams of one run."),
  MAX_BODY(Section.LIMITS, "BYTES", "8MiB", "Largest request body."),
  MAX_DEPTH(Section.LIMITS, "COUNT", "400", "Deepest nesting of JSON in a request."),
  MAX_ENVIRONMENT_SUBSCRIPTIONS(
      Section.LIMITS, "COUNT", "50000", "Most subscriptions of one environment on one node."),
  MAX_TOKEN_SUBSCRIPTIONS(
      Section.LIMITS, "COUNT", "10000", "Most subscriptions of one token on one node."),

  KEEP_RUNS(
      Section.RETENTION,
      "DURATION",
      "30d",
      "Finished runs are deleted this long after their last change."),
  KEEP_DELETED(
      Section.RETENTION,
      "DURATION",
      "7d",
      "Deleted runs are kept this long as a mark for clients that were away."),
  KEEP_CHUNKS(
      Section.RETENTION,
      "DURATION",
      "7d",
      "Chunks of streams can be read this long; they go with their run at the latest."),
  KEEP_REQUESTS(
      Section.RETENTION, "DURATION", "24h", "A repeated request gets its first answer this long."),
  KEEP_BUILDS(
      Section.RETENTION,
      "DURATION",
      "7d",
      "Builds of tasks are kept this long after a tool had them last, and while a run names them."),
  SWEEP_EVERY(Section.RETENTION, "DURATION", "1m", "How often expired rows are looked for."),

  SLOT(
      Section.TAIL,
      "NAME",
      "runcast",
      "Replication slot; all nodes of one installation use the same."),
  HORIZON_EVERY(Section.TAIL, "DURATION", "1s", "How often the leader proves that it lives."),
  STALE_AFTER(Section.TAIL, "DURATION", "3s", "Silence after which subscribers are told 'stale'."),
  MAX_TRANSACTION(
      Section.TAIL,
      "BYTES",
      ofHeap(16, 16),
      "Larger transactions are not fanned out row by row: who follows their runs reads again."
          + " Normally 16MiB, less in a heap below 256 MiB."),

  RING_BYTES(
      Section.REALTIME,
      "BYTES",
      ofHeap(16, 16),
      "Recent changes kept for resuming. Normally 16MiB, less in a heap below 256 MiB."),
  UNPROVEN_BYTES(
      Section.REALTIME,
      "BYTES",
      ofHeap(8, 64),
      "The same for changes that a long transaction keeps from being proven visible. Normally"
          + " 64MiB, less in a heap below 512 MiB."),
  OUTBOX_BYTES(
      Section.REALTIME,
      "BYTES",
      "1MiB",
      "Waiting for one slow subscriber at most; beyond it skips to the newest state."),
  STUCK_AFTER(
      Section.REALTIME, "DURATION", "1m", "A subscriber that reads nothing this long is closed."),
  PAGE_ROWS(Section.REALTIME, "COUNT", "500", "Rows in one page of a snapshot."),
  PAGE_BYTES(Section.REALTIME, "BYTES", "1MiB", "Bytes in one page of a snapshot."),
  CONCURRENT_READS(Section.REALTIME, "COUNT", "4", "Snapshots read at once, per event loop."),
  PING_EVERY(Section.REALTIME, "DURATION", "15s", "Comment sent on a quiet connection."),
  MAX_CONNECTION_AGE(
      Section.REALTIME, "DURATION", "1h", "A connection is asked to come back after this."),

  CONCURRENT_RUNS(
      Section.ENGINE,
      "COUNT",
      "100",
      "Most runs of an environment with workers at once, those that wait not counted."),
  BEGIN_WITHIN(
      Section.ENGINE,
      "DURATION",
      "1m",
      "A run whose worker has not begun it goes back to the queue after this."),
  HEARD_WITHIN(
      Section.ENGINE,
      "DURATION",
      "5m",
      "A run fails whose worker was not heard of for this long; workers say something every 30 s."),
  CANCEL_WITHIN(
      Section.ENGINE,
      "DURATION",
      "1m",
      "A worker that has not let go of a cancelled run is taken for gone after this."),
  SHORT_RETRY(
      Section.ENGINE,
      "DURATION",
      "30s",
      "A retry that is sooner than this stays with its worker; a later one goes to the queue."),

  CLUSTER_MEMBERS(
      Section.CLUSTER,
      "HOST:PORT,...",
      "",
      "The nodes of the cluster, this one included; without it there is one node."),
  CLUSTER_HOST(Section.CLUSTER, "ADDRESS", "127.0.0.1", "Address that other nodes reach us at."),
  CLUSTER_PORT(Section.CLUSTER, "PORT", "5701", "Port that other nodes reach us at.");

  /** So many MiB, or this share of the largest heap that this process may have. */
  private static String ofHeap(int share, int mostMiB) {
    long mib = (Runtime.getRuntime().maxMemory() / share) >> 20;
    return Math.max(1, Math.min(mostMiB, mib)) + "MiB";
  }

  private final Section section;
  private final String placeholder;
  private final String fallback;
  private final String help;

  Setting(Section section, String placeholder, String fallback, String help) {
    this.section = section;
    this.placeholder = placeholder;
    this.fallback = fallback;
    this.help = help;
  }

  /** The command line flag, as in {@code --data-dir}. */
  public String flag() {
    return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The environment variable, as in {@code RUNCAST_DATA_DIR}. */
  public String variable() {
    return this == DATABASE_URL ? "DATABASE_URL" : "RUNCAST_" + name();
  }

  /** Under which heading help texts list it. */
  public Section section() {
    return section;
  }

  /** What stands for the value in help texts. */
  public String placeholder() {
    return placeholder;
  }

  /** The value when neither flag nor variable is given; empty when there is none. */
  public String fallback() {
    return fallback;
  }

  /** One sentence on what it does. */
  public String help() {
    return help;
  }

  /** Flag and variable together, as messages name it. */
  public String label() {
    return flag() + " / " + variable();
  }

  /** Whether it is on or off, so that the flag alone means on. */
  public boolean isSwitch() {
    return this == DEMO;
  }
}
