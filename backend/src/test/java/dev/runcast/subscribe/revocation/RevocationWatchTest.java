package dev.runcast.subscribe.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.hub.Hub;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.run.revocation.Revocation;
import dev.runcast.run.revocation.Revocation.Identity;
import dev.runcast.run.revocation.Revocation.Kind;
import dev.runcast.run.revocation.Revoked;
import dev.runcast.store.revocation.RevocationReads.Read;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RevocationWatchTest {
  private static final Incarnation HISTORY = new Incarnation(1, 1);
  private static final Bearer TOKEN =
      new Bearer(
          new EnvironmentId("env"),
          "00",
          null,
          new Bearer.Token("one", Set.of("read:runs"), Instant.EPOCH));
  private static final Revocation OF_TOKEN =
      new Revocation(
          new Identity(TOKEN.environment(), Kind.TOKEN, "one"), null, null, Instant.EPOCH);

  private Instant now = Instant.EPOCH;
  private final Hub hub =
      new Hub(
          new Hub.Budgets(10_000, 10_000, 10_000, Duration.ofSeconds(60), Duration.ofSeconds(3)),
          () -> now);
  private final Deque<Promise<Read>> asked = new ArrayDeque<>();
  private final List<Long> askedSince = new ArrayList<>();
  private final RevocationWatch watch = new RevocationWatch(hub, new Revocations(), this::read);
  private long lsn = 1;

  private Future<Read> read(long since) {
    askedSince.add(since);
    Promise<Read> promise = Promise.promise();
    asked.addLast(promise);
    return promise.future();
  }

  private void answer(long xmin, Revocation... shown) {
    asked.removeFirst().complete(new Read(new Visibility(xmin, xmin, Set.of()), List.of(shown)));
  }

  @Test
  void asksTheTableUntilAllThatTheLogMayHaveHiddenIsCertainToBeVisible() {
    horizon(100, 110);
    assertThat(watch.hasHeardAll()).isFalse();
    answer(105);
    assertThat(watch.hasHeardAll()).as("something below 110 may be invisible yet").isFalse();

    horizon(110, 120);
    answer(111);

    assertThat(watch.hasHeardAll()).isTrue();
    horizon(120, 130);
    assertThat(asked).as("no more reads").isEmpty();
  }

  @Test
  void whileTheLogIsHeardItAloneIsBelieved() {
    hearAll();

    assertThat(watch.endOf(TOKEN).result()).isEmpty();
    tell(new Revoked(new Position(new Lsn(lsn + 1), 0), OF_TOKEN));

    assertThat(watch.endOf(TOKEN).result()).contains(Instant.MIN);
    assertThat(asked).isEmpty();
  }

  @Test
  void whileTheLogIsSilentTheTableIsAsked() {
    hearAll();
    now = now.plusSeconds(10);
    hub.tick();

    Future<Optional<Instant>> end = watch.endOf(TOKEN);
    assertThat(end.isComplete()).isFalse();
    answer(200, OF_TOKEN);

    assertThat(end.result()).contains(Instant.MIN);
    assertThat(watch.hasHeardAll()).as("of what was heard, all").isTrue();
  }

  @Test
  void afterALostBatchTheTableIsAsked() {
    hearAll();
    lsn += 5;
    tell();

    assertThat(watch.hasHeardAll()).isFalse();
    Future<Optional<Instant>> end = watch.endOf(TOKEN);
    answer(200);

    assertThat(end.result()).isEmpty();
    assertThat(watch.hasHeardAll()).as("what was lost may be invisible yet").isFalse();
  }

  @Test
  void whoAsksDuringACheckSharesTheNextOne() {
    hearAll();
    Future<Void> first = watch.check();
    Future<Void> second = watch.check();
    Future<Void> third = watch.check();

    answer(200);
    assertThat(first.succeeded()).isTrue();
    assertThat(second.isComplete())
        .as("its snapshot must not be older than the question")
        .isFalse();
    answer(200);

    assertThat(second.succeeded()).isTrue();
    assertThat(third.succeeded()).isTrue();
    assertThat(asked).isEmpty();
  }

  @Test
  void readsOnFromWhereNothingCanHaveBeenMissed() {
    hearAll();
    askedSince.clear();

    watch.check();
    answer(300);
    watch.check();
    answer(300);

    assertThat(askedSince)
        .as("no further than a horizon: a snapshot's own ids may be given out anew")
        .containsExactly(100L, 110L);
    hub.dispatch(new ChangeBatch(new Incarnation(2, 1), 2, new Lsn(900), new Lsn(901), List.of()));
    watch.check();
    assertThat(askedSince.get(2)).as("in another history all of it").isZero();
  }

  @Test
  void aCheckThatFailsFailsThoseWhoWait() {
    Future<Void> check = watch.check();

    asked.removeFirst().fail("the database is away");

    assertThat(check.failed()).isTrue();
    Future<Void> again = watch.check();
    answer(1);
    assertThat(again.succeeded()).isTrue();
  }

  private void hearAll() {
    horizon(100, 100);
    answer(100);
    horizon(110, 110);
    assertThat(watch.hasHeardAll()).isTrue();
  }

  private void horizon(long xmin, long next) {
    dispatch(new ChangeBatch.Horizon(new Lsn(lsn + 1), xmin, next));
  }

  private void tell(Revoked... revoked) {
    dispatch(
        new ChangeBatch.Committed(
            new Lsn(lsn + 1), 150, Instant.EPOCH, List.of(), List.of(), List.of(revoked)));
  }

  private void dispatch(ChangeBatch.Entry entry) {
    ChangeBatch batch = new ChangeBatch(HISTORY, 1, new Lsn(lsn), entry.lsn(), List.of(entry));
    watch.hear(batch);
    hub.dispatch(batch);
    lsn++;
  }
}
