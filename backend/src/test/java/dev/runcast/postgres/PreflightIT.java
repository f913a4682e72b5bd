package dev.runcast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.config.CannotStartException;
import dev.runcast.config.PostgresAddress;
import dev.runcast.testing.TestPostgres;
import dev.runcast.testing.TestPostgres.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PreflightIT {
  private static final String SLOT = "preflight";

  @Test
  void acceptsAServerThatIsFitAndWarnsOfAnUnlimitedSlot() {
    TestDatabase database = TestPostgres.database();

    assertThat(Preflight.check(address("postgres", database.port(), database.name()), SLOT))
        .singleElement()
        .asString()
        .contains("max_slot_wal_keep_size is unlimited", "such as 10GB");
  }

  @Test
  void tellsAllThatIsMissingAtOnceEachWithItsCure() throws IOException {
    try (EmbeddedPostgres unfit =
        EmbeddedPostgres.builder()
            .setServerConfig("wal_level", "replica")
            .setServerConfig("max_replication_slots", "0")
            .setServerConfig("max_wal_senders", "0")
            .start()) {
      new TestDatabase(unfit.getPort(), "postgres").execute("create role weak login");

      assertThatThrownBy(() -> Preflight.check(address("weak", unfit.getPort(), "postgres"), SLOT))
          .isInstanceOf(CannotStartException.class)
          .message()
          .satisfies(
              message ->
                  assertThat(message.lines())
                      .satisfiesExactly(
                          line ->
                              assertThat(line).contains("wal_level=replica", "alter system set"),
                          line ->
                              assertThat(line)
                                  .contains("weak may not", "alter role \"weak\" replication"),
                          line -> assertThat(line).contains("'preflight'", "max_replication_slots"),
                          line -> assertThat(line).contains("max_wal_senders")));
    }
  }

  @Test
  void tellsADatabaseThatIsMissingFromOneThatIsDown() throws IOException {
    TestDatabase database = TestPostgres.database();
    int nobody = freePort();

    assertThatThrownBy(() -> Preflight.check(address("postgres", database.port(), "none"), SLOT))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContainingAll("none", "create the database", "DATABASE_URL");
    assertThatThrownBy(() -> Preflight.check(address("postgres", nobody, "any"), SLOT))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContainingAll("127.0.0.1:" + nobody, "start it", "DATABASE_URL");
  }

  private static PostgresAddress address(String user, int port, String database) {
    return PostgresAddress.parse("postgres://" + user + "@127.0.0.1:" + port + "/" + database);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
