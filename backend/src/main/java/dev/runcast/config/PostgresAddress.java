package dev.runcast.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * How to reach one Postgres database, independent of the driver.
 *
 * @param sslMode libpq's word for it: disable, allow, prefer, require, verify-ca or verify-full
 * @param sslRootCert certificates to trust (PEM); absent means those that the JVM trusts
 * @see <a href="https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNSTRING">Connection
 *     URIs</a>
 */
public record PostgresAddress(
    String host,
    int port,
    String database,
    String user,
    Secret password,
    String sslMode,
    Optional<Path> sslRootCert) {

  private static final List<String> SSL_MODES =
      List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
  private static final String SHAPE =
      "give one as postgres://user:password@host:5432/database?sslmode=verify-full";

  /**
   * Reads a connection URI. A password is optional (the server may trust us), the port defaults to
   * 5432, {@code sslmode} to {@code prefer}.
   *
   * @throws IllegalArgumentException whose message says what is wrong and what would be right,
   *     without quoting the URL (it holds a password)
   */
  public static PostgresAddress parse(String url) {
    URI uri = uri(url);
    if (!"postgres".equals(uri.getScheme()) && !"postgresql".equals(uri.getScheme())) {
      throw new IllegalArgumentException("it is no Postgres URL; " + SHAPE);
    }
    if (uri.getHost() == null || uri.getRawUserInfo() == null || uri.getPath().length() < 2) {
      throw new IllegalArgumentException("it lacks a user, one host or a database; " + SHAPE);
    }
    String[] login = uri.getRawUserInfo().split(":", 2);
    Map<String, String> parameters = parameters(uri.getRawQuery());
    return new PostgresAddress(
        uri.getHost(),
        uri.getPort() < 0 ? 5432 : uri.getPort(),
        uri.getPath().substring(1),
        decode(login[0]),
        new Secret(login.length == 2 ? decode(login[1]) : ""),
        sslMode(parameters),
        Optional.ofNullable(parameters.get("sslrootcert")).map(Path::of));
  }

  /** The URL for JDBC, without user and password. */
  public String jdbcUrl() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + database;
  }

  /** What JDBC needs beside the URL. Holds the password: never print it. */
  public Properties jdbcProperties() {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password.reveal());
    properties.setProperty("sslmode", sslMode);
    sslRootCert.ifPresentOrElse(
        file -> properties.setProperty("sslrootcert", file.toString()),
        () -> trustWhatTheJvmTrusts(properties));
    return properties;
  }

  /** The same server, another database. */
  public PostgresAddress withDatabase(String other) {
    return new PostgresAddress(host, port, other, user, password, sslMode, sslRootCert);
  }

  /** Where it is, for messages: no user, no password. */
  public String place() {
    return host + ":" + port + "/" + database;
  }

  // pgjdbc would look for ~/.postgresql/root.crt, which nobody expects of a server process.
  private void trustWhatTheJvmTrusts(Properties properties) {
    if (sslMode.startsWith("verify-")) {
      properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    }
  }

  private static URI uri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      // Not the cause: its message quotes the URL.
      throw new IllegalArgumentException(
          "it can't be parsed at character "
              + e.getIndex()
              + " (percent-encode what is special in a password); "
              + SHAPE);
    }
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> found = new HashMap<>();
    for (String pair : query == null ? new String[0] : query.split("&")) {
      String[] parts = pair.split("=", 2);
      if (!List.of("sslmode", "sslrootcert").contains(parts[0])) {
        throw new IllegalArgumentException(
            "its parameter '" + parts[0] + "' is not known; use only sslmode and sslrootcert");
      }
      found.put(parts[0], parts.length == 2 ? decode(parts[1]) : "");
    }
    return found;
  }

  private static String sslMode(Map<String, String> parameters) {
    String mode = parameters.getOrDefault("sslmode", "prefer");
    if (!SSL_MODES.contains(mode)) {
      throw new IllegalArgumentException("its sslmode must be one of " + SSL_MODES);
    }
    return mode;
  }

  // URLDecoder is for forms, where a plus is a blank; in a URL it is a plus.
  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
