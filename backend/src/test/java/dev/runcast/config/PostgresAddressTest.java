package dev.runcast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresAddressTest {

  @Test
  void readsEveryPart() {
    PostgresAddress address =
        PostgresAddress.parse(
            "postgresql://me:a%40b+c@db.example:6543/runs?sslmode=verify-full&sslrootcert=/ca.pem");

    assertThat(address.host()).isEqualTo("db.example");
    assertThat(address.port()).isEqualTo(6543);
    assertThat(address.database()).isEqualTo("runs");
    assertThat(address.user()).isEqualTo("me");
    assertThat(address.password().reveal()).isEqualTo("a@b+c");
    assertThat(address.sslRootCert()).contains(Path.of("/ca.pem"));
    assertThat(address.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:6543/runs");
    assertThat(address.jdbcProperties())
        .containsEntry("sslmode", "verify-full")
        .containsEntry("sslrootcert", "/ca.pem")
        .containsEntry("password", "a@b+c");
  }

  @Test
  void fillsInWhatIsLeftOut() {
    PostgresAddress address = PostgresAddress.parse("postgres://me@db/runs");

    assertThat(address.port()).isEqualTo(5432);
    assertThat(address.sslMode()).isEqualTo("prefer");
    assertThat(address.password().reveal()).isEmpty();
  }

  @Test
  void verifiesAgainstTheCertificatesOfTheJvmWhenNoFileIsNamed() {
    assertThat(PostgresAddress.parse("postgres://me@db/runs?sslmode=verify-ca").jdbcProperties())
        .containsEntry("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://me:hunter2@db/runs",
        "postgres://db/runs",
        "postgres://me:hunter2@db",
        "postgres://me:hunter2@db/",
        "postgres://me:hunter2@a,b/runs",
        "postgres://me:hunter2@db/runs?sslmode=maybe",
        "postgres://me:hunter2@db/runs?target_session_attrs=any",
        "postgres://me:hunter2 hunter2@db/runs",
      })
  void refusesWithTheCureAndWithoutThePassword(String url) {
    assertThatThrownBy(() -> PostgresAddress.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .message()
        .doesNotContain("hunter2")
        .containsAnyOf("postgres://user:password@host", "sslmode");
  }
}
