package dev.runcast.postgres;

import dev.runcast.config.PostgresAddress;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;

/** An address in the words of Vert.x's Postgres client. */
public final class PoolAddress {
  private PoolAddress() {}

  /** The same server, user and trust as JDBC gets for this address. */
  public static PgConnectOptions of(PostgresAddress address) {
    SslMode mode = SslMode.of(address.sslMode());
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(address.host())
            .setPort(address.port())
            .setDatabase(address.database())
            .setUser(address.user())
            .setPassword(address.password().reveal())
            .setSslMode(mode);
    return mode == SslMode.DISABLE ? options : options.setSslOptions(trust(address, mode));
  }

  // Below verify-ca libpq takes any certificate: the mode encrypts, and proves nothing.
  private static ClientSSLOptions trust(PostgresAddress address, SslMode mode) {
    boolean verifies = mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL;
    ClientSSLOptions options =
        new ClientSSLOptions()
            .setTrustAll(!verifies)
            .setHostnameVerificationAlgorithm(mode == SslMode.VERIFY_FULL ? "HTTPS" : "");
    address
        .sslRootCert()
        .filter(file -> verifies)
        .ifPresent(
            file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    return options;
  }
}
