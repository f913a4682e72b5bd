package dev.runcast.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.place.Cursor;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharedFrameTest {
  private static final Cursor CURSOR = Cursor.parse("1-a.100.0-2A.3");

  private final SharedFrame frame = new SharedFrame(new Frame.Live());

  @Test
  void givesTheSameBytesToAllWithEqualColumnsAndTheSameCursor() {
    Columns mine = new Columns(Set.of("payload", "output"));
    Columns theirs = new Columns(Set.of("output", "payload"));

    assertThat(frame.sse(mine, CURSOR)).isSameAs(frame.sse(theirs, CURSOR));
  }

  @Test
  void tellsCursorsApart() {
    Cursor other = Cursor.parse("1-a.101.0-2B.0");

    assertThat(frame.sse(Columns.ALL, CURSOR).toString()).contains("id: " + CURSOR);
    assertThat(frame.sse(Columns.ALL, other).toString()).contains("id: " + other);
    assertThat(frame.sse(Columns.ALL, null).toString()).doesNotContain("id:");
  }

  @Test
  void goesOnTellingRightHoweverManySetsOfColumnsAreAskedFor() {
    String expected = frame.sse(Columns.ALL, CURSOR).toString();

    for (int i = 0; i < 100; i++) {
      Columns columns = new Columns(Set.of("column" + i));
      assertThat(frame.sse(columns, CURSOR).toString()).isEqualTo(expected);
    }
    assertThat(frame.sse(Columns.ALL, CURSOR).toString()).isEqualTo(expected);
  }
}
