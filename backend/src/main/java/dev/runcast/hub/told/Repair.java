package dev.runcast.hub.told;

import dev.runcast.run.place.Cursor;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Parts of a feed that are given anew to a client which found itself wrong: all of them from the
 * cursor that it came with, for an interrupted repair begins again.
 */
public final class Repair {
  private final SortedSet<Integer> buckets;
  private final @Nullable Cursor from;

  private Repair(Set<Integer> buckets, @Nullable Cursor from) {
    this.buckets = Collections.unmodifiableSortedSet(new TreeSet<>(buckets));
    this.from = from;
  }

  /** Null for no parts. */
  public static @Nullable Repair of(Set<Integer> buckets, @Nullable Cursor from) {
    return buckets.isEmpty() ? null : new Repair(buckets, from);
  }

  /** The parts that are left for a client that would resume with this: all, or none. */
  public SortedSet<Integer> left(@Nullable Cursor cursor) {
    return Objects.equals(from, cursor) ? buckets : Collections.emptySortedSet();
  }
}
