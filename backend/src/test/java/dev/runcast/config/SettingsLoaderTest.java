package dev.runcast.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {

  @Test
  void everyDefaultIsAcceptable() {
    Settings settings = loaded(Map.of(), Map.of());

    assertThat(settings.server().host()).isEqualTo("127.0.0.1");
    assertThat(settings.server().port()).isEqualTo(3030);
    assertThat(settings.limits().payloadBytes()).isEqualTo(3 * 1024 * 1024);
    assertThat(settings.limits().metadataBytes()).isEqualTo(256 * 1024);
    assertThat(settings.limits().depth()).isEqualTo(400);
    assertThat(settings.database().dataDir()).isEqualTo(Path.of(".runcast").toAbsolutePath());
    assertThat(settings.database().outside()).isEmpty();
    assertThat(settings.cluster().enabled()).isFalse();
  }

  @Test
  void theFlagWinsOverTheVariable() {
    Settings settings =
        loaded(Map.of(Setting.PORT, "4000"), Map.of("RUNCAST_PORT", "5000", "RUNCAST_HOST", "::1"));

    assertThat(settings.server().port()).isEqualTo(4000);
    assertThat(settings.server().host()).isEqualTo("::1");
  }

  @Test
  void flagsAndVariablesMirrorEachOther() {
    assertThat(Setting.DATA_DIR.flag()).isEqualTo("--data-dir");
    assertThat(Setting.DATA_DIR.variable()).isEqualTo("RUNCAST_DATA_DIR");
    assertThat(Setting.DATABASE_URL.flag()).isEqualTo("--database-url");
    assertThat(Setting.DATABASE_URL.variable()).isEqualTo("DATABASE_URL");
  }

  @Test
  void tellsEveryProblemAtOnceNamingSettingLimitAndCure() {
    Map<String, String> variables =
        Map.of(
            "RUNCAST_PORT", "66000",
            "RUNCAST_MAX_PAYLOAD", "much",
            "RUNCAST_PING_EVERY", "15",
            "RUNCAST_SLOT", "My-Slot",
            "RUNCAST_TLS_CERT", "cert.pem");

    assertThat(problems(Map.of(), variables))
        .hasSize(5)
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .isEqualTo(
                        "--port / RUNCAST_PORT is '66000': give a whole number from 0 to 65535."))
        .anySatisfy(problem -> assertThat(problem).contains("RUNCAST_MAX_PAYLOAD", "3MiB"))
        .anySatisfy(problem -> assertThat(problem).contains("RUNCAST_PING_EVERY", "100ms", "90s"))
        .anySatisfy(problem -> assertThat(problem).contains("RUNCAST_SLOT", "lower case"))
        .anySatisfy(problem -> assertThat(problem).contains("RUNCAST_TLS_KEY", "together"));
  }

  @ParameterizedTest
  @CsvSource({"4096,4096", "5KB,5000", "64KiB,65536", "3MiB,3145728", "3 MB,3000000"})
  void readsSizes(String text, int bytes) {
    Settings settings = loaded(Map.of(Setting.MAX_PAYLOAD, text), Map.of());

    assertThat(settings.limits().payloadBytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"500ms,500", "90s,90000", "1h30m,5400000", "1d,86400000"})
  void readsDurations(String text, long milliseconds) {
    Settings.Security security =
        loaded(Map.of(Setting.PREVIOUS_KEY_FOR, text), Map.of()).security();
    assertThat(security.previousKeyFor()).isEqualTo(Duration.ofMillis(milliseconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1h x", "h1", "5", "1.5h", "-3s", "1y"})
  void refusesWhatIsNoDuration(String text) {
    assertThat(problems(Map.of(Setting.KEEP_RUNS, text), Map.of())).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "short",
        "tr_dev_sk_0123456789abcdefghijklmn",
        "with.dots.like.a.token.0123456789"
      })
  void refusesASecretKeyThatClientsWouldMisunderstand(String key) {
    assertThat(problems(Map.of(Setting.SECRET_KEY, key), Map.of()))
        .singleElement()
        .satisfies(problem -> assertThat(problem).contains("RUNCAST_SECRET_KEY"))
        .satisfies(problem -> assertThat(problem).doesNotContain(key));
  }

  @Test
  void masksSecretsWhereverSettingsArePrinted() {
    Settings settings =
        loaded(
            Map.of(),
            Map.of(
                "RUNCAST_SECRET_KEY", "tr_dev_abcdefghijklmnopqrstuvwxyz",
                "RUNCAST_PERSONAL_TOKEN", "tr_pat_abcdefghijklmnopqrstuvwxyz",
                "RUNCAST_ENCRYPTION_KEY", "ab".repeat(32),
                "DATABASE_URL", "postgres://me:hunter2@db/runs"));

    assertThat(settings.toString())
        .contains("****", "runs")
        .doesNotContain("abcdefgh", "abababab", "hunter2");
  }

  @Test
  void namesWhatACommandRequires() {
    assertThat(SettingsLoader.load(Map.of(), Map.of(), Setting.DATABASE_URL))
        .isInstanceOfSatisfying(
            SettingsLoader.Refused.class,
            refused ->
                assertThat(refused.problems())
                    .singleElement()
                    .asString()
                    .startsWith("--database-url / DATABASE_URL is missing: "));
  }

  @Test
  void refusesOnePortForTwo() {
    assertThat(problems(Map.of(Setting.MANAGEMENT_PORT, "3030"), Map.of()))
        .singleElement()
        .asString()
        .contains("different ports");
  }

  @Test
  void refusesLimitsThatCanNotHoldTogether() {
    Map<Setting, String> flags =
        Map.of(
            Setting.MAX_BODY, "4096",
            Setting.MAX_TAGS, "50",
            Setting.STALE_AFTER, "1s");

    assertThat(problems(flags, Map.of()))
        .extracting(problem -> problem.substring(0, problem.indexOf(' ')))
        .containsExactlyInAnyOrder("--max-body", "--max-tags", "--stale-after");
  }

  @Test
  void theDemoIsOnOrOff() {
    assertThat(loaded(Map.of(), Map.of()).demo()).isFalse();
    assertThat(loaded(Map.of(), Map.of("RUNCAST_DEMO", "true")).demo()).isTrue();
    assertThat(problems(Map.of(), Map.of("RUNCAST_DEMO", "yes")))
        .singleElement()
        .asString()
        .contains("RUNCAST_DEMO", "true or false");
  }

  @Test
  void readsTheMembersOfACluster() {
    assertThat(loaded(Map.of(Setting.CLUSTER_MEMBERS, "a:5701, b:5702"), Map.of()).cluster())
        .isEqualTo(new Settings.Cluster(List.of("a:5701", "b:5702"), "127.0.0.1", 5701));
    assertThat(problems(Map.of(Setting.CLUSTER_MEMBERS, "a"), Map.of())).hasSize(1);
  }

  private static Settings loaded(Map<Setting, String> flags, Map<String, String> variables) {
    SettingsLoader.Outcome outcome = SettingsLoader.load(flags, variables);
    assertThat(outcome).isInstanceOf(SettingsLoader.Loaded.class);
    return ((SettingsLoader.Loaded) outcome).settings();
  }

  private static List<String> problems(Map<Setting, String> flags, Map<String, String> variables) {
    SettingsLoader.Outcome outcome = SettingsLoader.load(flags, variables);
    assertThat(outcome).isInstanceOf(SettingsLoader.Refused.class);
    return ((SettingsLoader.Refused) outcome).problems();
  }

  @Test
  void proxiesAreAddressesAndNetworks() {
    Settings settings = loaded(Map.of(Setting.TRUSTED_PROXIES, "127.0.0.1, 10.0.0.0/8"), Map.of());

    assertThat(settings.security().sessions().trustedProxies().holds("10.9.8.7")).isTrue();
    assertThat(problems(Map.of(Setting.TRUSTED_PROXIES, "localhost"), Map.of())).hasSize(1);
  }
}
