package dev.runcast.hub.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.Column;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.testing.Sample;
import dev.runcast.testing.Seeds;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private final Outbox outbox = new Outbox();

  @Test
  void givesOutInTheOrderInWhichThingsCame() {
    SharedFrame live = new SharedFrame(new Frame.Live());
    add(Sample.run("a").updated(10, 0));
    outbox.addFrame(live, Position.endOf(new Lsn(11)), null);
    add(Sample.run("b").updated(12, 0));

    assertThat(outbox.poll().newest()).isEqualTo(new Position(new Lsn(10), 0));
    assertThat(outbox.poll().frame()).isSameAs(live);
    assertThat(outbox.poll().newest()).isEqualTo(new Position(new Lsn(12), 0));
    assertThat(outbox.poll()).isNull();
    assertThat(outbox.isEmpty()).isTrue();
  }

  @Test
  void newsThatWasTakenOutComesBackBehindWhatCameMeanwhile() {
    add(Sample.run("a").updated(10, 0));
    add(Sample.run("b").updated(11, 0));

    Pending earlier = outbox.takeNews(new RunId("a"));
    add(news(Sample.run("a").version(2).updated(12, 0)).merging(earlier));

    assertThat(outbox.oldest()).isEqualTo(new Position(new Lsn(10), 0));
    assertThat(outbox.poll().newest()).isEqualTo(new Position(new Lsn(11), 0));
    assertThat(outbox.oldest()).isEqualTo(new Position(new Lsn(10), 0));
    assertThat(outbox.poll().newest()).isEqualTo(new Position(new Lsn(12), 0));
    assertThat(outbox.oldest()).isNull();
  }

  @Test
  void countsNewsAndNotTheFramesOfReads() {
    outbox.addFrame(new SharedFrame(new Frame.Live()), null, null);
    assertThat(outbox.weight()).isZero();

    add(Sample.run("a").payload(Column.known("x".repeat(5_000))).updated(10, 0));
    assertThat(outbox.weight()).isGreaterThan(5_000);

    outbox.takeNews(new RunId("a"));
    assertThat(outbox.weight()).isZero();
  }

  @Test
  void knowsAtAnyTimeTheOldestPlaceAndTheWeightOfWhatItHolds() {
    Seeds.each(
        300,
        random -> {
          Outbox box = new Outbox();
          List<Pending> held = new ArrayList<>();
          for (int lsn = 1; lsn <= 40; lsn++) {
            if (random.nextInt(3) == 0) {
              Outbox.Waiting polled = box.poll();
              if (polled != null) {
                held.remove(polled.news());
              }
            } else {
              Pending news = news(Sample.run("r" + random.nextInt(4)).updated(lsn, 0));
              Pending earlier = box.takeNews(news.run().id());
              held.remove(earlier);
              Pending merged = earlier == null ? news : news.merging(earlier);
              held.add(merged);
              box.addNews(merged, merged.frame());
            }
            assertThat(box.weight()).isEqualTo(held.stream().mapToLong(Pending::weight).sum());
            assertThat(box.oldest())
                .isEqualTo(
                    held.stream().map(Pending::oldest).min(Comparator.naturalOrder()).orElse(null));
          }
        });
  }

  private void add(RunChanged change) {
    add(news(change));
  }

  private void add(Pending news) {
    outbox.addNews(news, news.frame());
  }

  private static Pending news(RunChanged change) {
    Cursor cursor = new Cursor(new Incarnation(1, 1), 100, change.position(), null);
    return Pending.of(new Telling(change, cursor), Telling.Kind.UPDATE);
  }
}
