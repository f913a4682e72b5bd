package dev.runcast.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.hub.log.Pin;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.run.revocation.Revocation;
import dev.runcast.run.revocation.Revocation.Identity;
import dev.runcast.run.revocation.Revocation.Kind;
import dev.runcast.run.revocation.Revoked;
import dev.runcast.testing.Sample;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Frame;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is told no more, from which place on. */
class RevokedTest {
  private static final Filter EVERYTHING =
      new Filter.ByEnvironment(Sample.ENVIRONMENT, Narrowing.NONE);
  private static final Bearer TOKEN =
      new Bearer(
          Sample.ENVIRONMENT,
          "0a",
          null,
          new Bearer.Token("one", Set.of("read:runs"), Instant.EPOCH));
  private static final Bearer OTHER =
      new Bearer(
          Sample.ENVIRONMENT,
          "0b",
          null,
          new Bearer.Token("two", Set.of("read:runs"), Instant.EPOCH));

  private Instant now = Instant.EPOCH;
  private final Hub hub =
      new Hub(
          new Hub.Budgets(100_000, 100_000, 3_000, Duration.ofMinutes(10), Duration.ofHours(1)),
          () -> now);
  private long lsn = 1;

  @BeforeEach
  void hearTwoHorizons() {
    dispatch(new ChangeBatch.Horizon(new Lsn(lsn + 1), 100, 100));
    dispatch(new ChangeBatch.Horizon(new Lsn(lsn + 1), 100, 100));
  }

  @Test
  void whoIsRevokedIsToldNothingThatComesBehindAndWhy() {
    RecordingSink revoked = live(TOKEN);
    RecordingSink other = live(OTHER);
    change();
    revoke(ofToken("one"));
    change();

    assertThat(revoked.events()).containsExactly("live", "run");
    assertThat(revoked.closedWith).isEqualTo(CloseCode.REVOKED);
    assertThat(revoked.revokedAt.lsn()).isEqualTo(new Lsn(5));
    assertThat(other.events()).containsExactly("live", "run", "run");
    assertThat(other.closedWith).isNull();
    assertThat(hub.audience().size()).isEqualTo(1);
  }

  @Test
  void ofTheSameTransactionNothingIsToldEither() {
    RecordingSink sink = live(TOKEN);

    Lsn at = new Lsn(lsn + 1);
    dispatch(
        new ChangeBatch.Committed(
            at,
            101,
            Instant.EPOCH,
            List.of(Sample.run("a").xid(101).updated(lsn + 1, 0)),
            List.of(),
            List.of(new Revoked(new Position(at, 1), ofToken("one")))));

    assertThat(sink.events()).containsExactly("live");
    assertThat(sink.closedWith).isEqualTo(CloseCode.REVOKED);
  }

  @Test
  void whatWaitsForASlowClientIsDropped() {
    RecordingSink sink = live(TOKEN);
    sink.events();
    sink.fill();
    change();
    revoke(ofToken("one"));

    sink.take();

    assertThat(sink.events()).isEmpty();
    assertThat(sink.closedWith).isEqualTo(CloseCode.REVOKED);
  }

  @Test
  void whoIsStillBeingReadForIsEndedToo() {
    RecordingSink sink = new RecordingSink().by(TOKEN);
    Subscription opening = subscription(sink);
    hub.add(opening);
    CatchUp reading = opening.reopen();

    revoke(ofToken("one"));

    assertThat(sink.closedWith).isEqualTo(CloseCode.REVOKED);
    assertThat(reading.isWanted()).isFalse();
    assertThat(hub.audience().size()).isZero();
  }

  @Test
  void whoHasAnotherTokenMeanwhileIsNotConcerned() {
    RecordingSink sink = live(TOKEN);
    sink.by(OTHER);

    revoke(ofToken("one"));

    assertThat(sink.closedWith).isNull();
  }

  @Test
  void whatWasReadEndsAllWhomItConcerns() {
    RecordingSink revoked = live(TOKEN);
    RecordingSink other = live(OTHER);

    hub.endings().revoke(List.of(ofToken("one")), ofToken("one")::endOf);

    assertThat(revoked.closedWith).isEqualTo(CloseCode.REVOKED);
    assertThat(revoked.revokedAt).as("where in the log is not known").isNull();
    assertThat(other.closedWith).isNull();
  }

  @Test
  void aKeyThatIsAcceptedForAWhileEndsItsFeedsThenAndWarnsBefore() {
    RecordingSink sink = live(TOKEN);
    RecordingSink other = live(OTHER);
    revoke(ofKey("0a", Instant.EPOCH.plusSeconds(300), Instant.EPOCH));
    sink.events();

    passes(239);
    assertThat(sink.events()).isEmpty();
    passes(1);
    assertThat(sink.frames)
        .containsExactly(new Frame.TokenExpiring(Instant.EPOCH.plusSeconds(300)));
    passes(59);
    assertThat(sink.events()).containsExactly("token-expiring");
    assertThat(sink.closedWith).isNull();
    passes(1);

    assertThat(sink.closedWith).isEqualTo(CloseCode.TOKEN_EXPIRED);
    assertThat(other.closedWith).isNull();
  }

  @Test
  void whoKnewOfTheEndWhenItCameIsNotWarnedTwice() {
    Instant end = Instant.EPOCH.plusSeconds(30);
    RecordingSink knowing = live(new Bearer(TOKEN.environment(), "0a", end, TOKEN.token()));
    revoke(ofKey("0a", end, Instant.EPOCH));
    knowing.events();

    passes(1);

    assertThat(knowing.events()).isEmpty();
  }

  @Test
  void aKeyThatIsTakenBackAtOnceEndsItsFeedsAtOnce() {
    RecordingSink sink = live(TOKEN);

    revoke(ofKey("0a", Instant.EPOCH.plusSeconds(50), Instant.EPOCH.plusSeconds(50)));

    assertThat(sink.closedWith).as("whatever this clock says").isEqualTo(CloseCode.REVOKED);
  }

  @Test
  void aKeyThatComesBackEndsNothing() {
    RecordingSink sink = live(TOKEN);
    revoke(ofKey("0a", Instant.EPOCH.plusSeconds(300), Instant.EPOCH));
    revoke(ofKey("0a", null, Instant.EPOCH.plusSeconds(1)));

    passes(400);

    assertThat(sink.closedWith).isNull();
  }

  private static Revocation ofToken(String jti) {
    return new Revocation(
        new Identity(Sample.ENVIRONMENT, Kind.TOKEN, jti), null, null, Instant.EPOCH);
  }

  private static Revocation ofKey(String digest, Instant end, Instant writtenAt) {
    return new Revocation(new Identity(Sample.ENVIRONMENT, Kind.KEY, digest), end, null, writtenAt);
  }

  private RecordingSink live(Bearer bearer) {
    RecordingSink sink = new RecordingSink().by(bearer);
    Subscription subscription = subscription(sink);
    hub.add(subscription);
    Pin pin = hub.heard().pin();
    subscription.open().goLive(new Visibility(100, 100, Set.of()), pin);
    hub.heard().unpin(pin);
    return sink;
  }

  private Subscription subscription(RecordingSink sink) {
    return new Subscription(
        hub, EVERYTHING, sink, new RecordingResync(), new SubscriptionOptions(null, false, false));
  }

  private void passes(long seconds) {
    now = now.plusSeconds(seconds);
    hub.tick();
  }

  private void change() {
    dispatch(
        new ChangeBatch.Committed(
            new Lsn(lsn + 1),
            101,
            Instant.EPOCH,
            List.of(Sample.run("a").xid(101).version(lsn).updated(lsn + 1, 0))));
  }

  private void revoke(Revocation revocation) {
    Lsn at = new Lsn(lsn + 1);
    dispatch(
        new ChangeBatch.Committed(
            at,
            102,
            Instant.EPOCH,
            List.of(),
            List.of(),
            List.of(new Revoked(new Position(at, 0), revocation))));
  }

  private void dispatch(ChangeBatch.Entry entry) {
    hub.dispatch(
        new ChangeBatch(new Incarnation(1, 1), 1, new Lsn(lsn), entry.lsn(), List.of(entry)));
    lsn++;
  }
}
