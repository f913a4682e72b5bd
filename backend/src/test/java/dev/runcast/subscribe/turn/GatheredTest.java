package dev.runcast.subscribe.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.Column;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.wire.Columns;
import dev.runcast.wire.Frame;
import dev.runcast.wire.ShapeForm;
import dev.runcast.wire.SharedFrame;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatheredTest {
  private static final ShapeForm ALL = new ShapeForm(Columns.ALL, false);
  private final Gathered gathered = new Gathered(news -> true);

  @Test
  void keepsOnePieceOfNewsARunInTheOrderOfTheNewest() {
    take(update("a", 1, Column.known("1")));
    take(update("b", 1, Column.known("1")));
    take(update("a", 2, Column.known("2")));

    assertThat(messages()).hasSize(2);
    assertThat(messages().get(0)).contains("\"id\":\"b\"");
    assertThat(messages().get(1)).contains("\"id\":\"a\"", "\"payload\":\"2\"");
  }

  @Test
  void letsAnUpdateInheritWhatAnEarlierOneTold() {
    take(new Frame.RunUpdate(run("a", 1, Column.known("1")), true, null, null));
    take(update("a", 2, Column.unchanged()));

    assertThat(messages()).hasSize(1);
    assertThat(messages().get(0)).contains("\"operation\":\"insert\"", "\"payload\":\"1\"");
  }

  @Test
  void ignoresWhatIsNotNewer() {
    take(update("a", 2, Column.known("2")));
    take(
        new Frame.Snapshot(
            false, false, false, List.of(run("a", 2, Column.known("x"))), List.of()));
    take(update("a", 1, Column.known("1")));

    assertThat(messages()).hasSize(1);
    assertThat(messages().get(0)).contains("\"payload\":\"2\"");
  }

  @Test
  void tellsOfARunThatLeftAndOfOneThatIsBack() {
    take(update("a", 1, Column.known("1")));
    take(new Frame.Leave(new RunId("a"), 2, Frame.Leave.Reason.DELETED));

    assertThat(messages()).hasSize(1);
    assertThat(messages().get(0)).contains("\"operation\":\"delete\"");

    take(new Frame.RunUpdate(run("a", 3, Column.known("3")), true, null, null));

    assertThat(messages()).hasSize(1);
    assertThat(messages().get(0)).contains("\"operation\":\"insert\"");
  }

  @Test
  void tellsOfARunThatAReadWasTooEarlyToSee() {
    take(new Frame.Leave(new RunId("a"), Long.MAX_VALUE, Frame.Leave.Reason.DELETED));
    take(new Frame.RunUpdate(run("a", 1, Column.known("1")), true, null, null));
    take(update("a", 2, Column.known("2")));

    assertThat(messages()).hasSize(1);
    assertThat(messages().get(0)).contains("\"operation\":\"insert\"", "\"payload\":\"2\"");
  }

  @Test
  void takesOnlyRowsThatTheClientWasNotGiven() {
    Gathered picky = new Gathered(news -> news.run() == null || news.version() > 1);
    Frame read =
        new Frame.Snapshot(
            true,
            true,
            true,
            List.of(run("a", 1, Column.known("1")), run("b", 2, Column.known("2"))),
            List.of(new Frame.Leave(new RunId("c"), 1, Frame.Leave.Reason.FILTER)));
    picky.take(new SharedFrame(read));

    assertThat(texts(picky)).hasSize(2);
    assertThat(texts(picky).get(0)).contains("\"id\":\"b\"");
    assertThat(texts(picky).get(1)).contains("\"id\":\"c\"", "delete");
  }

  @Test
  void isEmptyAndLightAgainOnceCleared() {
    take(update("a", 1, Column.known("1")));
    assertThat(gathered.isEmpty()).isFalse();
    assertThat(gathered.weight()).isPositive();

    gathered.clear();

    assertThat(gathered.isEmpty()).isTrue();
    assertThat(gathered.weight()).isZero();
  }

  private void take(Frame frame) {
    gathered.take(new SharedFrame(frame));
  }

  private List<String> messages() {
    return texts(gathered);
  }

  private static List<String> texts(Gathered gathered) {
    return gathered.news().stream()
        .map(news -> new String(news.message(ALL), StandardCharsets.UTF_8))
        .toList();
  }

  private static Frame update(String id, long version, Column<String> payload) {
    return new Frame.RunUpdate(run(id, version, payload), false, null, null);
  }

  private static Run run(String id, long version, Column<String> payload) {
    return new Run(
        new EnvironmentId("env_1"),
        new RunId(id),
        version,
        100,
        RunStatus.EXECUTING,
        "task",
        List.of(),
        new Run.Links(null, null, null, 0),
        new Run.Times(Instant.EPOCH, Instant.EPOCH, null, null, null, null, null),
        new Run.Facts(
            null, null, null, null, null, null, 0, null, null, "trigger", false, 0, 0, 0, 0,
            List.of()),
        new Run.Contents(
            "text/plain",
            null,
            null,
            Column.known(null),
            payload,
            Column.known(null),
            Column.known(null),
            Column.known(null),
            Column.known(null)));
  }
}
