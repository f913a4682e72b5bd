package dev.runcast.subscribe.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.run.revocation.Revocation;
import dev.runcast.run.revocation.Revocation.Identity;
import dev.runcast.run.revocation.Revocation.Kind;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RevocationsTest {
  private static final EnvironmentId ENVIRONMENT = new EnvironmentId("env");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Bearer TOKEN =
      new Bearer(
          ENVIRONMENT, "0a", null, new Bearer.Token("one", Set.of("read:runs", "read:tags"), NOW));

  private final Revocations known = new Revocations();

  @Test
  void findsATokenByEachOfTheWays() {
    assertThat(known.endOf(TOKEN)).isNull();
    for (Identity way :
        Set.of(
            new Identity(ENVIRONMENT, Kind.TOKEN, "one"),
            new Identity(ENVIRONMENT, Kind.SCOPE, "read:tags"),
            new Identity(ENVIRONMENT, Kind.ENVIRONMENT, ""),
            new Identity(ENVIRONMENT, Kind.KEY, "0a"))) {
      Revocations alone = new Revocations();
      Instant at =
          way.kind() == Kind.TOKEN ? null : way.kind() == Kind.KEY ? NOW : NOW.plusSeconds(1);
      alone.add(new Revocation(way, at, null, NOW));

      assertThat(alone.endOf(TOKEN)).as(way.toString()).isEqualTo(Instant.MIN);
    }
  }

  @Test
  void whatWasWrittenLastCounts() {
    Identity key = new Identity(ENVIRONMENT, Kind.KEY, "0a");
    known.add(new Revocation(key, NOW.plusSeconds(60), null, NOW));
    known.add(new Revocation(key, null, null, NOW.plusSeconds(2)));
    known.add(new Revocation(key, NOW.plusSeconds(9), null, NOW.plusSeconds(1)));

    assertThat(known.endOf(TOKEN)).as("in force again").isNull();
  }

  @Test
  void theEarliestEndCounts() {
    known.add(
        new Revocation(new Identity(ENVIRONMENT, Kind.KEY, "0a"), NOW.plusSeconds(60), null, NOW));
    assertThat(known.endOf(TOKEN)).isEqualTo(NOW.plusSeconds(60));

    known.add(new Revocation(new Identity(ENVIRONMENT, Kind.TOKEN, "one"), null, null, NOW));

    assertThat(known.endOf(TOKEN)).isEqualTo(Instant.MIN);
  }

  @Test
  void forgetsWhatHasEndedByItself() {
    known.add(new Revocation(new Identity(ENVIRONMENT, Kind.TOKEN, "one"), null, NOW, NOW));
    known.add(new Revocation(new Identity(ENVIRONMENT, Kind.TOKEN, "two"), null, null, NOW));

    known.forgetExpired(NOW);
    assertThat(known.size()).isEqualTo(2);
    known.forgetExpired(NOW.plusSeconds(1));

    assertThat(known.size()).isEqualTo(1);
    assertThat(known.endOf(TOKEN)).isNull();
  }
}
