package dev.runcast.http.api.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.request.Lines.Line;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {

  @Test
  void areTheSameWhereverTheBodyIsCut() {
    Buffer body = Buffer.buffer("{\"a\":\"äöü €\"}\n\n  \r\n{}\r\nlast");
    for (int first = 0; first <= body.length(); first++) {
      for (int second = first; second <= body.length(); second++) {
        Lines lines = new Lines(100);
        List<Line> found = new ArrayList<>(lines.take(body.getBuffer(0, first)));
        found.addAll(lines.take(body.getBuffer(first, second)));
        found.addAll(lines.take(body.getBuffer(second, body.length())));
        found.addAll(lines.rest());

        assertThat(found)
            .as("cut at %d and %d", first, second)
            .extracting(line -> line.number() + ":" + line.text())
            .containsExactly("1:{\"a\":\"äöü €\"}", "3:  ", "4:{}", "5:last");
      }
    }
  }

  @Test
  void nothingIsLeftAfterTheEndOfALine() {
    Lines lines = new Lines(100);

    assertThat(lines.take(Buffer.buffer("{}\n"))).hasSize(1);
    assertThat(lines.rest()).isEmpty();
  }

  @Test
  void aLineMayBeAsLongAsItsLimitAndNoLonger() {
    Lines lines = new Lines(4);

    assertThat(lines.take(Buffer.buffer("1234\n12"))).hasSize(1);
    assertThat(lines.take(Buffer.buffer("34"))).isEmpty();
    assertThatThrownBy(() -> lines.take(Buffer.buffer("5")))
        .isInstanceOfSatisfying(
            ApiException.class,
            refused -> {
              assertThat(refused.error()).isEqualTo(ApiError.TOO_LARGE);
              assertThat(refused.sentence()).contains("Line 2", "4 bytes");
            });
  }
}
