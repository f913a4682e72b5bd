package dev.runcast.run.place;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client goes on from that hears by turns, each a connection of its own, and does not drop
 * what it is told twice. A {@link Cursor} claims no place in the stream while a read is not proven;
 * this says in its stead what that read showed, so that the next turn leaves exactly that out:
 * everything at or before the cursor's position was told, and everything that {@code shown} shows.
 *
 * <p>Printed as the cursor, then, while there is something to prove, {@code
 * ~session.xmin.xmax.xip.xip…}, the last ones as their distance from xmin: URL-safe ASCII.
 *
 * @param shown what the last read showed; null once everything of it is proven
 * @param session the replication session that {@code shown} was taken in: in another one it proves
 *     nothing, for transaction ids may have been given out anew
 */
public record Bookmark(Cursor cursor, @Nullable Visibility shown, long session) {
  /** More transactions than this at once make a bookmark too long for a URL. */
  private static final int MAX_IN_PROGRESS = 200;

  private static final int RADIX = 36;
  private static final Pattern SHOWN =
      Pattern.compile("([0-9a-z]{1,12})((?:\\.[0-9a-z]{1,12}){2,202})");

  /** A bookmark, without the read where that would make it too long: then some is told twice. */
  public static Bookmark of(Cursor cursor, @Nullable Visibility shown, long session) {
    return shown == null || shown.inProgress().size() <= MAX_IN_PROGRESS
        ? new Bookmark(cursor, shown, session)
        : new Bookmark(Cursor.ofRead(cursor.incarnation(), cursor.horizon()), null, session);
  }

  /**
   * Reads what {@link #toString} printed.
   *
   * @throws IllegalArgumentException on anything else
   */
  public static Bookmark parse(String text) {
    int tilde = text.indexOf('~');
    if (tilde < 0) {
      return new Bookmark(Cursor.parse(text), null, 0);
    }
    Matcher shown = SHOWN.matcher(text.substring(tilde + 1));
    if (!shown.matches()) {
      throw new IllegalArgumentException("not a bookmark that this service has given");
    }
    String[] xids = shown.group(2).substring(1).split("\\.", -1);
    long xmin = number(xids[0]);
    Set<Long> inProgress = new HashSet<>();
    for (int i = 2; i < xids.length; i++) {
      inProgress.add(xmin + number(xids[i]));
    }
    return new Bookmark(
        Cursor.parse(text.substring(0, tilde)),
        new Visibility(xmin, number(xids[1]), inProgress),
        number(shown.group(1)));
  }

  private static long number(String text) {
    return Long.parseLong(text, RADIX);
  }

  @Override
  public String toString() {
    if (shown == null) {
      return cursor.toString();
    }
    StringBuilder text = new StringBuilder(cursor.toString()).append('~');
    text.append(Long.toString(session, RADIX));
    text.append('.').append(Long.toString(shown.xmin(), RADIX));
    text.append('.').append(Long.toString(shown.xmax(), RADIX));
    shown.inProgress().stream()
        .sorted()
        .forEach(xid -> text.append('.').append(Long.toString(xid - shown.xmin(), RADIX)));
    return text.toString();
  }
}
