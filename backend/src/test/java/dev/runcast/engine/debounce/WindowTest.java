package dev.runcast.engine.debounce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.engine.debounce.Debouncing.Asked;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.debounce.DebounceTable.Delayed;
import dev.runcast.store.debounce.DebounceTable.Push;
import dev.runcast.store.table.NewRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WindowTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final RunId THERE = new RunId("there");

  /** An order that delays its run, or pushes another, for so long. */
  private static Asked asked(
      String id, int seconds, @Nullable Integer bound, boolean trailing, @Nullable Integer tries) {
    Instant until = NOW.plusSeconds(seconds);
    NewRun run =
        new NewRun(
            new EnvironmentId("env"),
            new RunId(id),
            RunStatus.DELAYED,
            "t",
            List.of(id),
            new NewRun.Origin(null, null, null, "trigger"),
            new NewRun.Traits(
                null,
                null,
                null,
                null,
                null,
                until,
                null,
                new NewRun.Bounds(0, tries, null, false)),
            new NewRun.Contents(id, null, null, null, null, null, null));
    Duration longest = bound == null ? null : Duration.ofSeconds(bound);
    return new Asked(run, new Debounce("k", until, longest, trailing, 3));
  }

  private static Asked leading(String id, int seconds) {
    return asked(id, seconds, null, false, null);
  }

  private static Asked trailing(String id, int seconds) {
    return asked(id, seconds, null, true, null);
  }

  /** With a run that was made a minute ago. */
  private static Window withRun(int until) {
    return new Window(
        NOW, new Delayed(THERE, NOW.minusSeconds(60), NOW.plusSeconds(until), List.of("first")));
  }

  @Test
  void theFirstOfSeveralOrdersIsMadeWithTheDelayOfTheLatest() {
    Window window = new Window(NOW, null);

    assertThat(List.of(window.take(leading("a", 5)), window.take(leading("b", 9))))
        .containsOnly(new RunId("a"));
    assertThat(window.take(leading("c", 7))).isEqualTo(new RunId("a"));

    assertThat(window.push()).isEmpty();
    assertThat(window.made()).containsOnlyKeys(new RunId("a"));
    NewRun made = window.made().get(new RunId("a"));
    assertThat(made.traits().delayUntil()).isEqualTo(NOW.plusSeconds(9));
    assertThat(made.contents().payload()).isEqualTo("a");
    assertThat(made.tags()).containsExactly("a");
  }

  @Test
  void aTrailingOrderBringsItsPayloadToOneThatIsToBeMade() {
    Window window = new Window(NOW, null);
    window.take(asked("a", 5, null, true, 4));
    window.take(trailing("b", 5));

    NewRun made = window.made().get(new RunId("a"));
    assertThat(made.id()).isEqualTo(new RunId("a"));
    assertThat(made.contents().payload()).isEqualTo("b");
    assertThat(made.tags()).containsExactly("a", "b");
    assertThat(made.traits().bounds().maxAttempts()).isEqualTo(4);
  }

  @Test
  void ofSeveralThatPushARunTheNewestThatNamesAThingBringsIt() {
    Window window = withRun(5);
    window.take(asked("a", 9, null, true, 4));
    window.take(trailing("b", 7));
    window.take(leading("c", 8));
    window.take(trailing("d", 6));

    Push push = window.push().orElseThrow();
    assertThat(push.run()).isEqualTo(THERE);
    assertThat(push.until()).isEqualTo(NOW.plusSeconds(9));
    assertThat(push.tags()).containsExactly("first", "a", "b");
    assertThat(push.newest().contents().payload()).isEqualTo("d");
    assertThat(push.newest().traits().bounds().maxAttempts()).isEqualTo(4);
    assertThat(window.made()).isEmpty();
  }

  @Test
  void whatWouldNotPushARunLeavesItAsItIs() {
    Window window = withRun(10);

    assertThat(window.take(leading("a", 10))).isEqualTo(THERE);

    assertThat(window.push()).isEmpty();
    assertThat(window.current()).contains(THERE);
  }

  @Test
  void anOrderThatWouldPassItsBoundBeginsTheNextAndLaterOnesComeToThat() {
    Window window = withRun(5);

    assertThat(window.take(asked("a", 30, 90, false, null))).isEqualTo(THERE);
    assertThat(window.take(asked("b", 31, 90, false, null))).isEqualTo(new RunId("b"));
    assertThat(window.take(asked("c", 40, 90, false, null))).isEqualTo(new RunId("b"));

    assertThat(window.push().orElseThrow().until()).isEqualTo(NOW.plusSeconds(30));
    assertThat(window.current()).contains(new RunId("b"));
    assertThat(window.made().get(new RunId("b")).traits().delayUntil())
        .isEqualTo(NOW.plusSeconds(40));
  }

  @Test
  void tagsAreAddedAsLongAsAllTogetherAreFewBytes() {
    String own = "t".repeat(2400);
    String fits = "a".repeat(60);
    Window window = new Window(NOW, new Delayed(THERE, NOW, NOW.plusSeconds(5), List.of(own)));

    window.take(trailing(fits, 5));
    window.take(trailing("b".repeat(40), 5));
    window.take(trailing("c", 5));

    assertThat(window.push().orElseThrow().tags()).containsExactly(own, fits, "c");
  }
}
