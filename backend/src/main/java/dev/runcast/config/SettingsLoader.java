package dev.runcast.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Flags and environment variables become {@link Settings}, or everything that is wrong with them.
 */
public final class SettingsLoader {
  private static final int GIB = 1 << 30;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration TEN_YEARS = Duration.ofDays(3650);

  // A key of the form tr_dev_sk_ plus 24 characters makes the official SDK refuse to sign tokens
  // itself, and one with dots could be taken for a token.
  private static final Pattern SECRET_KEY =
      Pattern.compile("(?!tr_(?:dev|stg|prod|preview)_sk_[0-9a-zA-Z]{24}$)[0-9A-Za-z_-]{24,200}");
  private static final Pattern PERSONAL_TOKEN = Pattern.compile("tr_pat_[0-9A-Za-z_-]{24,200}");
  private static final Pattern ENCRYPTION_KEY =
      Pattern.compile("[0-9a-fA-F]{64}|[0-9A-Za-z+/]{43}=");
  private static final Pattern SLOT = Pattern.compile("[a-z0-9_]{1,63}");
  private static final Pattern HOST = Pattern.compile("[0-9A-Za-z.:_-]{1,255}");
  private static final String HOST_CURE = "give a host name or an address, such as 127.0.0.1";

  private final Values values;

  private SettingsLoader(Values values) {
    this.values = values;
  }

  /** What came of loading. */
  public sealed interface Outcome {}

  /** Every setting is in order. */
  public record Loaded(Settings settings) implements Outcome {}

  /** At least one is not; each problem is one sentence with its cure and without secrets. */
  public record Refused(List<String> problems) implements Outcome {}

  /**
   * Reads every setting: the flag if given, else the variable, else the default.
   *
   * @param required settings without a default that this command can't do without
   */
  public static Outcome load(
      Map<Setting, String> flags, Map<String, String> environment, Setting... required) {
    Values values = new Values(flags, environment);
    Settings settings = new SettingsLoader(values).settings();
    Arrays.stream(required)
        .filter(setting -> values.optional(setting).isEmpty())
        .forEach(setting -> values.refuse(setting.label() + " is missing: " + setting.help()));
    return values.problems().isEmpty()
        ? new Loaded(settings)
        : new Refused(List.copyOf(values.problems()));
  }

  private Settings settings() {
    Settings settings =
        new Settings(
            server(),
            database(),
            security(),
            limits(),
            new Settings.Streams(
                values.bytes(Setting.MAX_CHUNK, 1024, GIB / 64),
                values.integer(Setting.MAX_STREAMS, 1, 1000)),
            retention(),
            tail(),
            realtime(),
            engine(),
            cluster(),
            values.onOff(Setting.DEMO));
    if (settings.demo() && settings.server().tls().isPresent()) {
      values.refuse(
          Setting.DEMO.label() + " speaks plain HTTP: leave out the demo or the certificate.");
    }
    return settings;
  }

  private Settings.Server server() {
    Settings.Server server =
        new Settings.Server(
            values.name(Setting.HOST, HOST, HOST_CURE),
            values.integer(Setting.PORT, 0, 65535),
            values.name(Setting.MANAGEMENT_HOST, HOST, HOST_CURE),
            values.integer(Setting.MANAGEMENT_PORT, 0, 65535),
            tls(),
            values.duration(Setting.REQUEST_TIMEOUT, SECOND, DAY));
    if (server.port() == server.managementPort() && server.port() != 0) {
      values.refuse(
          Setting.PORT.label()
              + " and "
              + Setting.MANAGEMENT_PORT.label()
              + " are the same: give two different ports.");
    }
    return server;
  }

  private Optional<Settings.Tls> tls() {
    Optional<Path> certificate = values.path(Setting.TLS_CERT);
    Optional<Path> key = values.path(Setting.TLS_KEY);
    if (certificate.isPresent() != key.isPresent()) {
      values.refuse(
          Setting.TLS_CERT.label()
              + " and "
              + Setting.TLS_KEY.label()
              + " go together: give both, or neither for plain HTTP.");
    }
    return certificate.flatMap(file -> key.map(keyFile -> new Settings.Tls(file, keyFile)));
  }

  private Settings.Database database() {
    return new Settings.Database(
        values.path(Setting.DATA_DIR).orElseThrow(),
        values.optional(Setting.DATABASE_URL).flatMap(this::address),
        values.integer(Setting.DATABASE_POOL, 1, 1000));
  }

  private Optional<PostgresAddress> address(String url) {
    try {
      return Optional.of(PostgresAddress.parse(url));
    } catch (IllegalArgumentException e) {
      values.refuse(Setting.DATABASE_URL.label() + " is not usable: " + e.getMessage() + ".");
      return Optional.empty();
    }
  }

  private Settings.Security security() {
    return new Settings.Security(
        values.secret(
            Setting.SECRET_KEY,
            SECRET_KEY,
            "give 24 to 200 letters, digits, '_' or '-', not of the form tr_dev_sk_ and 24 more"),
        values.secret(
            Setting.PERSONAL_TOKEN,
            PERSONAL_TOKEN,
            "give tr_pat_ and 24 to 200 letters, digits, '_' or '-'"),
        values.secret(
            Setting.ENCRYPTION_KEY,
            ENCRYPTION_KEY,
            "give 32 random bytes in base64 or hex, such as `openssl rand -base64 32` prints"),
        values.duration(Setting.PREVIOUS_KEY_FOR, Duration.ZERO, Duration.ofDays(30)),
        new Settings.Sessions(
            values.duration(Setting.SESSION_LIFE, SECOND, Duration.ofDays(365)),
            values.duration(Setting.SESSION_IDLE, SECOND, Duration.ofDays(365)),
            trustedProxies()));
  }

  private Networks trustedProxies() {
    try {
      return Networks.parse(values.text(Setting.TRUSTED_PROXIES));
    } catch (IllegalArgumentException wrong) {
      values.refuse(
          Setting.TRUSTED_PROXIES.label()
              + " holds '"
              + wrong.getMessage()
              + "': give addresses or networks, such as 10.0.0.0/8, with commas between them.");
      return Networks.NONE;
    }
  }

  private Settings.Limits limits() {
    Settings.Limits limits =
        new Settings.Limits(
            values.bytes(Setting.MAX_PAYLOAD, 1024, GIB / 8),
            values.bytes(Setting.MAX_METADATA, 1024, GIB / 8),
            values.integer(Setting.MAX_TAGS, 1, 50),
            values.integer(Setting.MAX_TAG_LENGTH, 1, 1024),
            values.bytes(Setting.MAX_BODY, 4096, GIB / 4),
            values.integer(Setting.MAX_DEPTH, 1, 500),
            values.integer(Setting.MAX_ENVIRONMENT_SUBSCRIPTIONS, 1, 10_000_000),
            values.integer(Setting.MAX_TOKEN_SUBSCRIPTIONS, 1, 10_000_000));
    if (limits.tags() * limits.tagLength() > 1280) {
      values.refuse(
          Setting.MAX_TAGS.label()
              + " times "
              + Setting.MAX_TAG_LENGTH.label()
              + " is more than 1280 characters: lower one, since tags must fit in the row itself.");
    }
    if (limits.bodyBytes() < Math.max(limits.payloadBytes(), limits.metadataBytes())) {
      values.refuse(
          Setting.MAX_BODY.label() + " is smaller than a payload or metadata may be: raise it.");
    }
    return limits;
  }

  private Settings.Engine engine() {
    return new Settings.Engine(
        values.integer(Setting.CONCURRENT_RUNS, 1, 10_000),
        values.duration(Setting.BEGIN_WITHIN, SECOND, DAY),
        values.duration(Setting.HEARD_WITHIN, SECOND, DAY),
        values.duration(Setting.CANCEL_WITHIN, SECOND, DAY),
        values.duration(Setting.SHORT_RETRY, Duration.ZERO, DAY));
  }

  private Settings.Retention retention() {
    return new Settings.Retention(
        values.duration(Setting.KEEP_RUNS, SECOND, TEN_YEARS),
        values.duration(Setting.KEEP_DELETED, SECOND, TEN_YEARS),
        values.duration(Setting.KEEP_CHUNKS, SECOND, TEN_YEARS),
        values.duration(Setting.KEEP_REQUESTS, SECOND, TEN_YEARS),
        values.duration(Setting.KEEP_BUILDS, SECOND, TEN_YEARS),
        values.duration(Setting.SWEEP_EVERY, SECOND, DAY));
  }

  private Settings.Tail tail() {
    Settings.Tail tail =
        new Settings.Tail(
            values.name(
                Setting.SLOT, SLOT, "give 1 to 63 lower case letters, digits or underscores"),
            values.duration(Setting.HORIZON_EVERY, Duration.ofMillis(50), Duration.ofMinutes(1)),
            values.duration(Setting.STALE_AFTER, Duration.ofMillis(150), Duration.ofMinutes(10)),
            values.bytes(Setting.MAX_TRANSACTION, 65536, GIB));
    if (tail.staleAfter().compareTo(tail.horizonEvery().multipliedBy(2)) < 0) {
      values.refuse(
          Setting.STALE_AFTER.label()
              + " is less than twice "
              + Setting.HORIZON_EVERY.label()
              + ": one late horizon would look like silence, so make it longer.");
    }
    return tail;
  }

  private Settings.Realtime realtime() {
    return new Settings.Realtime(
        new Settings.Ring(
            values.bytes(Setting.RING_BYTES, 0, GIB), values.bytes(Setting.UNPROVEN_BYTES, 0, GIB)),
        new Settings.Outbox(
            values.bytes(Setting.OUTBOX_BYTES, 16384, GIB),
            values.duration(Setting.STUCK_AFTER, SECOND, DAY)),
        new Settings.Reads(
            values.integer(Setting.PAGE_ROWS, 1, 100_000),
            values.bytes(Setting.PAGE_BYTES, 16384, GIB),
            values.integer(Setting.CONCURRENT_READS, 1, 1000)),
        values.duration(Setting.PING_EVERY, Duration.ofMillis(100), Duration.ofHours(1)),
        values.duration(Setting.MAX_CONNECTION_AGE, SECOND, Duration.ofDays(7)));
  }

  private Settings.Cluster cluster() {
    return new Settings.Cluster(
        values.optional(Setting.CLUSTER_MEMBERS).map(this::members).orElse(List.of()),
        values.name(Setting.CLUSTER_HOST, HOST, HOST_CURE),
        values.integer(Setting.CLUSTER_PORT, 1, 65535));
  }

  private List<String> members(String text) {
    List<String> members = Arrays.stream(text.split(",")).map(String::trim).toList();
    members.stream()
        .filter(member -> !member.matches("[0-9A-Za-z._-]+:\\d{1,5}"))
        .forEach(
            member ->
                values.refuse(
                    Setting.CLUSTER_MEMBERS.label()
                        + " holds '"
                        + member
                        + "': give host:port pairs with commas between them."));
    return members;
  }
}
