package dev.runcast.it.bench.load;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.copy.CopyDual;

/**
 * The least that a Java program must do to hear of a change: a loop around pgjdbc that looks at the
 * kind of each message and, where it is a row's, notes how long ago its transaction committed. A
 * process of its own, with a temporary slot; takes {@code reset} and {@code read} as lines.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">
 *     Logical Replication Message Formats</a>
 */
public final class BareLoopMain {
  private static final int HEADER = 25; // kind and three numbers of the streaming protocol
  private static final int BEGIN_COMMIT_TIME = HEADER + 1 + 8;
  private static final long MICROS_OF_DAY = 86_400_000_000L;

  private final Recorder latency = new Recorder(1, 3_600_000_000L, 3);
  private final DayClock clock = new DayClock();

  private BareLoopMain() {}

  /** Takes {@code JDBC_URL}, {@code PGUSER} and {@code PGPASSWORD} from the environment. */
  public static void main(String[] arguments) throws SQLException {
    BareLoopMain main = new BareLoopMain();
    Thread input = new Thread(main::listen, "commands");
    input.setDaemon(true);
    try (Connection connection = connect()) {
      CopyDual copy = start(connection);
      System.out.println("reading");
      input.start();
      main.read(copy);
    }
  }

  private static Connection connect() throws SQLException {
    Properties properties = new Properties();
    PGProperty.USER.set(properties, System.getenv("PGUSER"));
    PGProperty.PASSWORD.set(properties, System.getenv("PGPASSWORD"));
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "15");
    return DriverManager.getConnection(System.getenv("JDBC_URL"), properties);
  }

  private static CopyDual start(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE_REPLICATION_SLOT bench_bare TEMPORARY LOGICAL pgoutput");
    }
    return connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyDual(
            "START_REPLICATION SLOT bench_bare LOGICAL 0/0"
                + " (proto_version '1', publication_names 'runcast')");
  }

  private void read(CopyDual copy) throws SQLException {
    long committedAt = 0;
    while (true) {
      byte[] message = copy.readFromCopy(true);
      if (message == null) {
        return;
      }
      if (message[0] == 'w' && message[HEADER] == 'B') {
        committedAt = ByteBuffer.wrap(message).getLong(BEGIN_COMMIT_TIME) % MICROS_OF_DAY;
      } else if (message[0] == 'w' && (message[HEADER] == 'U' || message[HEADER] == 'I')) {
        latency.recordValue(Math.max(1, clock.nowMicros() - committedAt));
      }
    }
  }

  private void listen() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Histogram seen = latency.getIntervalHistogram();
        System.out.println(
            new JsonObject()
                .put("deliveries", seen.getTotalCount())
                .put("p50", seen.getValueAtPercentile(50))
                .put("p90", seen.getValueAtPercentile(90))
                .put("p99", seen.getValueAtPercentile(99))
                .put("max", seen.getMaxValue())
                .encode());
      }
    } catch (IOException e) {
      System.err.println(e);
    } finally {
      Runtime.getRuntime().halt(0);
    }
  }
}
