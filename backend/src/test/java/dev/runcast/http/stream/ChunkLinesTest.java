package dev.runcast.http.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.http.ApiException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkLinesTest {
  private static final String BODY =
      "\"eins\"\r\n\n  \n{\"zwei\":\"zwö€𝄞\"}\n\r\n\"drei\"\r\nlast";
  private static final List<String> LINES =
      List.of("\"eins\"", "{\"zwei\":\"zwö€𝄞\"}", "\"drei\"", "last");

  private final List<String> lines = new ArrayList<>();

  @Test
  void findsTheSameLinesWhereverTheBodyIsCut() {
    Buffer body = Buffer.buffer(BODY);
    for (int first = 0; first <= body.length(); first++) {
      for (int second = first; second <= body.length(); second++) {
        lines.clear();
        ChunkLines split = new ChunkLines(100, lines::add);
        split.take(body.slice(0, first));
        split.take(body.slice(first, second));
        split.take(body.slice(second, body.length()));
        split.end();

        assertThat(lines).as("cut at %d and %d", first, second).isEqualTo(LINES);
      }
    }
  }

  @Test
  void findsTheSameLinesByteByByte() {
    Buffer body = Buffer.buffer(BODY);
    ChunkLines split = new ChunkLines(100, lines::add);
    for (int at = 0; at < body.length(); at++) {
      split.take(body.slice(at, at + 1));
    }
    split.end();

    assertThat(lines).isEqualTo(LINES);
  }

  @Test
  void keepsWhatIsBegunToItself() {
    ChunkLines split = new ChunkLines(100, lines::add);
    split.take(Buffer.buffer("1\n2"));

    assertThat(lines).containsExactly("1");
  }

  @Test
  void refusesALineThatIsTooLongAndTellsThoseBefore() {
    ChunkLines split = new ChunkLines(5, lines::add);
    split.take(Buffer.buffer("12345\n"));

    assertThatThrownBy(() -> split.take(Buffer.buffer("1\n123456")))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("more than 5 bytes");
    assertThat(lines).containsExactly("12345", "1");
  }

  @Test
  void refusesALineThatIsTooLongBeforeItsEndHasCome() {
    ChunkLines split = new ChunkLines(5, lines::add);
    split.take(Buffer.buffer("1234"));

    assertThatThrownBy(() -> split.take(Buffer.buffer("56"))).isInstanceOf(ApiException.class);
  }
}
