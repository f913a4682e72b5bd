package dev.runcast.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LegacyStreamsTest {
  private static final List<String> STREAMS = List.of("a", "b");

  @Test
  void putsTheNamesIntoTheMetadata() {
    assertThat(LegacyStreams.in("{\"x\":1.50}", "application/json", STREAMS))
        .isEqualTo("{\"x\":1.50,\"$$streams\":[\"a\",\"b\"]}");
    assertThat(LegacyStreams.in(null, null, STREAMS)).isEqualTo("{\"$$streams\":[\"a\",\"b\"]}");
  }

  @Test
  void keepsTheNamesThatAreThereFirst() {
    assertThat(LegacyStreams.in("{\"$$streams\":[\"c\",\"b\"]}", null, STREAMS))
        .isEqualTo("{\"$$streams\":[\"c\",\"b\",\"a\"]}");
    assertThat(LegacyStreams.in("{\"$$streams\":\"odd\"}", null, STREAMS))
        .isEqualTo("{\"$$streams\":[\"a\",\"b\"]}");
  }

  @Test
  void putsThemWithinAPacketOfRicherJson() {
    assertThat(
            LegacyStreams.in("{\"json\":{\"x\":1},\"meta\":{}}", "application/super+json", STREAMS))
        .isEqualTo("{\"json\":{\"x\":1,\"$$streams\":[\"a\",\"b\"]},\"meta\":{}}");
  }

  @Test
  void leavesAloneWhatIsNoObjectAndARunWithoutStreams() {
    for (String metadata : List.of("[1]", "7", "not json", "null")) {
      assertThat(LegacyStreams.in(metadata, "application/json", STREAMS)).isEqualTo(metadata);
    }
    assertThat(LegacyStreams.in("{ }", "application/json", List.of())).isEqualTo("{ }");
    assertThat(LegacyStreams.in(null, null, List.of())).isNull();
  }
}
