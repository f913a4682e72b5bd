package dev.runcast.http.realtime.shape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.realtime.FeedRequest;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.RunId;
import dev.runcast.subscribe.SubscribeRequest;
import dev.runcast.testing.Bearers;
import dev.runcast.wire.Columns;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeHandleTest {
  private static final EnvironmentId ENV = new EnvironmentId("env_1");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final Instant BOUND = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void readsWhatItPrints() {
    ShapeHandle plain = ShapeHandle.of(tags(Narrowing.NONE, "", "a"), false, NOW);
    ShapeHandle bound = ShapeHandle.of(pinned("a"), false, NOW);

    assertThat(ShapeHandle.parse(plain.toString())).isEqualTo(plain);
    assertThat(ShapeHandle.parse(bound.toString())).isEqualTo(bound);
    ShapeHandle fromNow = new ShapeHandle(plain.feed(), null, true, plain.made());
    assertThat(ShapeHandle.parse(fromNow.toString())).isEqualTo(fromNow);
    assertThat(bound.createdAfter()).isEqualTo(BOUND);
    assertThat(plain.createdAfter()).isNull();
  }

  @Test
  void belongsToItsFeedInItsFormAndToNoOther() {
    ShapeHandle handle = ShapeHandle.of(tags(Narrowing.NONE, "", "a", "b"), false, NOW);

    assertThat(handle.isOf(tags(Narrowing.NONE, "", "b", "a"), false)).isTrue();
    assertThat(handle.isOf(tags(Narrowing.NONE, "", "a"), false)).isFalse();
    assertThat(handle.isOf(tags(Narrowing.NONE, "", "a", "b"), true)).isFalse();
    assertThat(handle.isOf(pinned("a", "b"), false)).isFalse();
    assertThat(handle.isOf(run(), false)).isFalse();
    assertThat(handle.isOf(without("payload"), false)).isFalse();
    assertThat(ShapeHandle.of(without("payload"), false, NOW).isOf(without("payload"), false))
        .isTrue();
  }

  @Test
  void belongsToAFeedWhateverThePinnedBound() {
    ShapeHandle handle = ShapeHandle.of(pinned("a"), false, NOW);
    Narrowing later = new Narrowing(BOUND.plusSeconds(60), Set.of(), Set.of());

    assertThat(handle.isOf(tags(later, "~x", "a"), false)).isTrue();
    assertThat(handle.isOf(tags(later, "", "a"), false)).as("an absolute bound").isFalse();
  }

  @Test
  void isNeverGivenAgain() {
    ShapeHandle handle = ShapeHandle.of(pinned("a"), false, NOW);

    assertThat(handle.madeAnew(NOW)).isNotEqualTo(handle);
    assertThat(handle.madeAnew(NOW.minusSeconds(60))).isNotEqualTo(handle);
    assertThat(handle.madeAnew(NOW).createdAfter()).isEqualTo(BOUND);
    assertThat(handle.madeAnew(NOW).isOf(pinned("a"), false)).isTrue();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "x",
        "12345-abc",
        "0123456789abcdef-zzzzzzzzzz-1",
        "0123456789abcdef--",
        "0123456789ABCDEF--1",
        "0123456789abcdef--1x!",
      })
  void knowsNoneThatItHasNotGiven(String text) {
    assertThat(ShapeHandle.parse(text)).isNull();
  }

  private static FeedRequest pinned(String... tags) {
    return tags(new Narrowing(BOUND, Set.of(), Set.of()), "~pin", tags);
  }

  private static FeedRequest tags(Narrowing narrowing, String idSuffix, String... tags) {
    return feed(new Filter.ByTags(ENV, Set.of(tags), narrowing), Columns.ALL, idSuffix);
  }

  private static FeedRequest run() {
    return feed(new Filter.ByRun(ENV, new RunId("run_1"), Narrowing.NONE), Columns.ALL, "");
  }

  private static FeedRequest without(String column) {
    Filter filter = new Filter.ByTags(ENV, Set.of("a", "b"), Narrowing.NONE);
    return feed(filter, new Columns(Set.of(column)), "");
  }

  private static FeedRequest feed(Filter filter, Columns columns, String idSuffix) {
    return new FeedRequest(
        Bearers.KEY,
        new SubscribeRequest(filter, columns, null, false, false, Duration.ZERO),
        idSuffix,
        List.of());
  }
}
