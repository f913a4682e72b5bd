package dev.runcast.subscribe.turn;

import dev.runcast.run.RunId;
import dev.runcast.run.place.Bookmark;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a client is, as it sends it back: a bookmark, and the versions of runs that it was told
 * beyond what the bookmark says.
 *
 * <p>Written as the bookmark and for each such run {@code !run.version.until}, numbers in base 36:
 * URL-safe ASCII.
 */
public record TurnOffset(Bookmark bookmark, List<Told> told) {
  private static final int RADIX = 36;

  /** More than these make an offset too long for a URL. */
  static final int MOST_TOLD = 20;

  private static final Pattern TOLD =
      Pattern.compile("([A-Za-z0-9_]{1,64})\\.([0-9a-z]{1,12})\\.([0-9a-z]{1,12})");

  /**
   * The newest version of a run that a client was told.
   *
   * @param until once a horizon at or beyond this has passed, the bookmark says it too
   */
  public record Told(RunId run, long version, long until) {}

  public TurnOffset {
    told = List.copyOf(told);
  }

  /**
   * Reads what {@link #toString} printed.
   *
   * @throws IllegalArgumentException if the text is no offset that this service has given
   */
  public static TurnOffset parse(String text) {
    String[] parts = text.split("!", -1);
    List<Told> told = new ArrayList<>(parts.length - 1);
    for (int i = 1; i < parts.length; i++) {
      Matcher part = TOLD.matcher(parts[i]);
      if (!part.matches()) {
        throw new IllegalArgumentException("not an offset that this service has given");
      }
      told.add(
          new Told(
              new RunId(part.group(1)),
              Long.parseLong(part.group(2), RADIX),
              Long.parseLong(part.group(3), RADIX)));
    }
    return new TurnOffset(Bookmark.parse(parts[0]), told);
  }

  /** What it says of a run; null for nothing. */
  @Nullable Told of(RunId run) {
    for (Told each : told) {
      if (each.run.equals(run)) {
        return each;
      }
    }
    return null;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(bookmark.toString());
    for (Told each : told) {
      text.append('!').append(each.run);
      text.append('.').append(Long.toString(each.version, RADIX));
      text.append('.').append(Long.toString(each.until, RADIX));
    }
    return text.toString();
  }
}
