package dev.runcast.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamSegment;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SharedSegmentTest {
  private static final EnvironmentId ENV = new EnvironmentId("env");
  private static final RunId RUN = new RunId("run_1");

  private static SharedSegment segment(StreamKey stream) {
    return new SharedSegment(
        new StreamSegment(
            stream, 1, 7, 3, "1\n\"π\"\n{}", 0, Instant.parse("2026-01-02T03:04:05.678901Z")));
  }

  @Test
  void tellsEachChunkUnderItsTimeAndNumber() {
    SharedSegment segment = segment(new StreamKey(ENV, RUN, "s"));

    assertThat(segment.sse(0).toString())
        .isEqualTo(
            """
            id: 1767323045678-7
            data: 1

            id: 1767323045678-8
            data: "π"

            id: 1767323045678-9
            data: {}

            """);
  }

  @Test
  void tellsTheRestToWhoHasAPart() {
    SharedSegment segment = segment(new StreamKey(ENV, RUN, "s"));

    assertThat(segment.sse(9).toString()).isEqualTo("id: 1767323045678-9\ndata: {}\n\n");
    assertThat(segment.sse(10).length()).isZero();
  }

  @Test
  void numbersAloneTellWhatWasSentIn() {
    SharedSegment segment = segment(StreamKey.input(ENV, RUN, "s"));

    assertThat(segment.sse(9).toString()).isEqualTo("id: 9\ndata: {}\n\n");
  }

  @Test
  void makesTheBytesOnceForAll() {
    SharedSegment segment = segment(new StreamKey(ENV, RUN, "s"));

    assertThat(segment.sse(7)).isSameAs(segment.sse(0));
    assertThat(segment.sse(8)).isSameAs(segment.sse(8));
  }
}
