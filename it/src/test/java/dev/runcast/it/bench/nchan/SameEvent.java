package dev.runcast.it.bench.nchan;

import java.time.Instant;

/**
 * The text to publish so that a subscriber of nchan is sent as many bytes as one of ours: the same
 * data, and as much more in it as our id is longer than nchan's.
 */
public final class SameEvent implements NchanPublisher.Message {
  private static final int NCHAN_ID = "id: 1700000000:0\n".length();
  private static final String STAMP = "\"committedAt\":\"";
  private static final String PAD = "\"pad\":\"";

  private final String before;
  private final String after;

  /**
   * @param event one of ours: {@code id}, {@code event} and {@code data} line
   */
  public SameEvent(String event) {
    int id = event.indexOf('\n') + 1;
    String data = event.substring(event.indexOf("data: ") + "data: ".length()).stripTrailing();
    String padded = data.replace(PAD, PAD + "x".repeat(Math.max(0, id - NCHAN_ID)));
    int stamp = padded.indexOf(STAMP) + STAMP.length();
    before = padded.substring(0, stamp);
    after = padded.substring(padded.indexOf('"', stamp));
  }

  @Override
  public String text(Instant committedAt) {
    return before + committedAt + after;
  }
}
