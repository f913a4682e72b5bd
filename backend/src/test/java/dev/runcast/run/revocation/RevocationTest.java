package dev.runcast.run.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.revocation.Revocation.Identity;
import dev.runcast.run.revocation.Revocation.Kind;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RevocationTest {
  private static final EnvironmentId ENVIRONMENT = new EnvironmentId("env");
  private static final Instant ISSUED = Instant.parse("2026-01-02T03:04:05Z");
  private static final Bearer KEY = new Bearer(ENVIRONMENT, "0a", null, null);
  private static final Bearer TOKEN =
      new Bearer(
          ENVIRONMENT,
          "0a",
          ISSUED.plusSeconds(60),
          new Bearer.Token("one", Set.of("read:runs:a", "read:tags"), ISSUED));

  @Test
  void aTokenIsKnownByItsJti() {
    assertThat(revoked(Kind.TOKEN, "one", null).endOf(TOKEN)).isEqualTo(Instant.MIN);
    assertThat(revoked(Kind.TOKEN, "two", null).endOf(TOKEN)).isNull();
    assertThat(revoked(Kind.TOKEN, "one", null).endOf(KEY)).isNull();
  }

  @Test
  void aTokenWithoutAJtiIsNotMeantByAny() {
    Bearer nameless =
        new Bearer(ENVIRONMENT, "0a", null, new Bearer.Token(null, Set.of("read:runs"), ISSUED));

    assertThat(revoked(Kind.TOKEN, "null", null).endOf(nameless)).isNull();
    assertThat(revoked(Kind.SCOPE, "read:runs", ISSUED.plusSeconds(1)).endOf(nameless))
        .isEqualTo(Instant.MIN);
  }

  @Test
  void aScopeMeansTheTokensThatCarryItAndWereIssuedBefore() {
    Instant later = ISSUED.plusSeconds(1);

    assertThat(revoked(Kind.SCOPE, "read:tags", later).endOf(TOKEN)).isEqualTo(Instant.MIN);
    assertThat(revoked(Kind.SCOPE, "read:tags", ISSUED).endOf(TOKEN)).isNull();
    assertThat(revoked(Kind.SCOPE, "read:runs", later).endOf(TOKEN)).isNull();
    assertThat(revoked(Kind.SCOPE, "read:tags", later).endOf(KEY)).isNull();
  }

  @Test
  void anEnvironmentMeansAllTokensThatWereIssuedBeforeAndNoKey() {
    assertThat(revoked(Kind.ENVIRONMENT, "", ISSUED.plusMillis(1)).endOf(TOKEN))
        .isEqualTo(Instant.MIN);
    assertThat(revoked(Kind.ENVIRONMENT, "", ISSUED).endOf(TOKEN)).isNull();
    assertThat(revoked(Kind.ENVIRONMENT, "", ISSUED.plusSeconds(1)).endOf(KEY)).isNull();
  }

  @Test
  void aKeyEndsWithAllThatItVouchesFor() {
    Instant end = ISSUED.plusSeconds(30);
    Revocation ending = written(new Identity(ENVIRONMENT, Kind.KEY, "0a"), end, ISSUED);

    assertThat(ending.endOf(KEY)).isEqualTo(end);
    assertThat(ending.endOf(TOKEN)).isEqualTo(end);
    assertThat(revoked(Kind.KEY, "0b", end).endOf(KEY)).isNull();
  }

  @Test
  void aKeyThatEndedWhenItWasWrittenNeedsNoClock() {
    Identity identity = new Identity(ENVIRONMENT, Kind.KEY, "0a");

    assertThat(written(identity, ISSUED, ISSUED).endOf(KEY)).isEqualTo(Instant.MIN);
    assertThat(written(identity, null, ISSUED).endOf(KEY)).as("in force again").isNull();
  }

  @Test
  void otherEnvironmentsAreNotConcerned() {
    Bearer other =
        new Bearer(
            new EnvironmentId("other"), "0a", null, new Bearer.Token("one", Set.of(), ISSUED));

    assertThat(revoked(Kind.TOKEN, "one", null).endOf(other)).isNull();
    assertThat(revoked(Kind.ENVIRONMENT, "", ISSUED.plusSeconds(1)).endOf(other)).isNull();
    assertThat(revoked(Kind.KEY, "0a", ISSUED).endOf(other)).isNull();
  }

  private static Revocation revoked(Kind kind, String subject, Instant at) {
    return written(new Identity(ENVIRONMENT, kind, subject), at, ISSUED);
  }

  private static Revocation written(Identity identity, Instant at, Instant writtenAt) {
    return new Revocation(identity, at, null, writtenAt);
  }
}
