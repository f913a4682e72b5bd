package dev.runcast.run.place;

/**
 * One history of the replication slot. A position means nothing outside its incarnation; a newer
 * one has the greater number, and the nonce tells apart two histories that a restored backup gave
 * the same number.
 */
public record Incarnation(long number, int nonce) {

  public boolean isAfter(Incarnation other) {
    return number > other.number;
  }

  /** Reads what {@link #toString} printed; throws IllegalArgumentException on anything else. */
  public static Incarnation parse(String text) {
    int dash = text.indexOf('-');
    if (dash < 1) {
      throw new IllegalArgumentException("an incarnation is a number, a dash and a nonce");
    }
    return new Incarnation(
        Long.parseLong(text.substring(0, dash), 36),
        Integer.parseUnsignedInt(text.substring(dash + 1), 36));
  }

  @Override
  public String toString() {
    return Long.toString(number, 36) + "-" + Integer.toUnsignedString(nonce, 36);
  }
}
