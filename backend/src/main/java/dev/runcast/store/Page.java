package dev.runcast.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list, newest first.
 *
 * @param turn how many pages were turned on the way here, 0 at the beginning
 * @param after only what comes after this place, being older; null from the beginning
 * @param before only what comes before it, the nearest; null to the end; never both
 * @param skip how many rows to pass over, going that way
 */
public record Page(int size, int turn, @Nullable Place after, @Nullable Place before, int skip) {

  /** A place in the order of lists, which goes by the time of creation and then by the id. */
  public record Place(Instant createdAt, String id) {}

  /**
   * What is on a page.
   *
   * @param next where the next page begins; null when this is the last
   * @param previous where the page before this one ends; null when this is the first
   */
  public record Found<T>(List<T> items, @Nullable Place next, @Nullable Place previous) {
    public Found {
      items = List.copyOf(items);
    }
  }

  /**
   * The page of what was read for it, which is one row more than it is long, to know whether there
   * is more that way.
   *
   * @param read newest first, or oldest first when the page is {@link #before} a place
   */
  public <T> Found<T> cut(List<T> read, Function<T, Place> place) {
    boolean more = read.size() > size;
    List<T> items = new ArrayList<>(more ? read.subList(0, size) : read);
    boolean backwards = before != null;
    if (backwards) {
      Collections.reverse(items);
    }
    boolean older = backwards || more;
    boolean newer = backwards ? more : after != null || skip > 0;
    return new Found<>(
        items,
        older && !items.isEmpty() ? place.apply(items.get(items.size() - 1)) : null,
        newer && !items.isEmpty() ? place.apply(items.get(0)) : null);
  }
}
