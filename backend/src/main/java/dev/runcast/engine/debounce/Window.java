package dev.runcast.engine.debounce;

import dev.runcast.engine.debounce.Debouncing.Asked;
import dev.runcast.run.RunId;
import dev.runcast.store.debounce.DebounceTable.Delayed;
import dev.runcast.store.debounce.DebounceTable.Push;
import dev.runcast.store.table.NewRun;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a key stands for while orders with it are taken one after the other: a run that is there,
 * then maybe one that is to be made, and so on. Owned by whoever settles them, in one transaction.
 */
final class Window {
  /**
   * How many bytes of tags a run may come to have by others. The longest texts of all the other
   * short columns fit beside them, so that no order is refused for what its run has by another's.
   */
  private static final int TAG_BYTES = 2500;

  private final Instant now;
  private final Map<RunId, NewRun> made = new LinkedHashMap<>();

  // Of the run that is there, as it is to be.
  private final @Nullable Delayed there;
  private Instant pushedTo;
  private List<String> tags;
  private @Nullable NewRun newest;

  // Of the run that the key stands for.
  private @Nullable RunId current;
  private Instant createdAt;
  private Instant until;

  /**
   * @param now when what is to be made will have been made
   * @param there the delayed run that the key stands for; null for none
   */
  Window(Instant now, @Nullable Delayed there) {
    this.now = now;
    this.there = there;
    this.current = there == null ? null : there.id();
    this.createdAt = there == null ? now : there.createdAt();
    this.until = there == null ? now : there.delayUntil();
    this.pushedTo = until;
    this.tags = there == null ? List.of() : there.tags();
  }

  /** Takes an order; gives the run that it leads to. */
  RunId take(Asked asked) {
    RunId run = current;
    if (run == null || passesBound(asked.how())) {
      return begin(asked.run());
    }
    until = asked.how().until().isAfter(until) ? asked.how().until() : until;
    NewRun unmade = made.get(run);
    if (unmade == null) {
      pushThere(asked);
    } else {
      NewRun later = unmade.delayedUntil(until);
      made.put(
          run,
          asked.how().trailing()
              ? later.renewedBy(asked.run(), joined(unmade.tags(), asked))
              : later);
    }
    return run;
  }

  private boolean passesBound(Debounce how) {
    Duration bound = how.maxDelay();
    return bound != null && how.until().isAfter(createdAt.plus(bound));
  }

  private RunId begin(NewRun run) {
    Instant delayUntil = run.traits().delayUntil();
    current = run.id();
    createdAt = now;
    until = delayUntil == null ? now : delayUntil;
    made.put(run.id(), run);
    return run.id();
  }

  private void pushThere(Asked asked) {
    pushedTo = until;
    if (asked.how().trailing()) {
      NewRun before = newest;
      tags = joined(tags, asked);
      newest = before == null ? asked.run() : before.renewedBy(asked.run(), tags);
    }
  }

  /** A tag once given stays, for feeds and tokens go by it: as many are added as there is room. */
  private static List<String> joined(List<String> own, Asked asked) {
    Set<String> joined = new LinkedHashSet<>(own);
    int bytes = own.stream().mapToInt(Window::bytes).sum();
    for (String tag : asked.run().tags()) {
      boolean fits = joined.size() < asked.how().maxTags() && bytes + bytes(tag) <= TAG_BYTES;
      if (fits && joined.add(tag)) {
        bytes += bytes(tag);
      }
    }
    return new ArrayList<>(joined);
  }

  /** As the database keeps it, with its length before it and up to its alignment. */
  private static int bytes(String tag) {
    return tag.getBytes(StandardCharsets.UTF_8).length + 8;
  }

  /** What becomes of the run that was there; empty when it stays as it is. */
  Optional<Push> push() {
    return there == null || (newest == null && pushedTo.equals(there.delayUntil()))
        ? Optional.empty()
        : Optional.of(new Push(there.id(), pushedTo, tags, newest));
  }

  /** What is to be made, by id. */
  Map<RunId, NewRun> made() {
    return made;
  }

  /** The run that the key stands for now. */
  Optional<RunId> current() {
    return Optional.ofNullable(current);
  }
}
