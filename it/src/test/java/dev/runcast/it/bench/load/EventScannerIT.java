package dev.runcast.it.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What of an event's bytes is a delivery, and how late it is, however they are cut. */
class EventScannerIT {
  private static final String EVENTS =
      """
      event: live
      data: {}

      event: run
      data: {"committedAt":"2026-01-31T00:00:01.5Z","run":{"at":"here"}}

      event: chunk
      data: {"data":[{"committedAt":"2026-01-31T00:00:02Z"},{"committedAt":"2026-01-31T00:00:03.000001Z"}]}

      """;

  @Test
  void countsEachTimeInAnEventAsADelivery() {
    byte[] bytes = EVENTS.getBytes(StandardCharsets.US_ASCII);
    for (int cut = 1; cut < bytes.length; cut++) {
      Tally tally = new Tally();
      EventScanner scanner = new EventScanner("\"committedAt\":\"");
      for (int from = 0; from < bytes.length; from += cut) {
        byte[] piece = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + cut));
        scanner.scan(piece, piece.length, 4_000_000, tally);
      }

      assertThat(tally.toJson().getLong("events")).isEqualTo(3);
      assertThat(tally.toJson().getLong("deliveries")).isEqualTo(3);
      assertThat(tally.toJson().getLong("max")).isBetween(2_500_000L, 2_510_000L);
      assertThat(tally.toJson().getLong("p50")).isBetween(2_000_000L, 2_010_000L);
    }
  }
}
