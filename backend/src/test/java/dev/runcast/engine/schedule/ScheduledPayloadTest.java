package dev.runcast.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduledPayloadTest {
  private static final Instant NOON = Instant.parse("2024-06-03T12:00:00Z");

  @Test
  void timesAreDatesToWhoeverReadsSuperjson() {
    String text =
        new ScheduledPayload(
                true,
                "sched_1",
                NOON,
                NOON.minusSeconds(3600),
                "Europe/London",
                "user/1",
                List.of(NOON.plusSeconds(3600)))
            .text();

    assertThat(text)
        .isEqualTo(
            """
            {"json":{"type":"DECLARATIVE","scheduleId":"sched_1","timestamp":"2024-06-03T12:00:00.000Z",\
            "lastTimestamp":"2024-06-03T11:00:00.000Z","timezone":"Europe/London","externalId":"user/1",\
            "upcoming":["2024-06-03T13:00:00.000Z"]},"meta":{"values":{"timestamp":["Date"],\
            "lastTimestamp":["Date"],"upcoming.0":["Date"]}}}""");
  }

  @Test
  void whatThereIsNotIsLeftOut() {
    String text = new ScheduledPayload(false, "sched_1", NOON, null, "UTC", null, List.of()).text();

    assertThat(text)
        .isEqualTo(
            """
            {"json":{"type":"IMPERATIVE","scheduleId":"sched_1","timestamp":"2024-06-03T12:00:00.000Z",\
            "timezone":"UTC","upcoming":[]},"meta":{"values":{"timestamp":["Date"]}}}""");
  }
}
