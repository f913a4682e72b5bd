package dev.runcast.hub.revocation;

import dev.runcast.run.place.Position;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.run.revocation.Revocation;
import dev.runcast.run.revocation.Revocation.Identity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds revocations against everybody who is told something by one hub, and keeps those that are to
 * come: keys that are accepted for a while yet. Owned by the hub's event loop.
 */
public final class Endings {
  /** How long before its end a bearer is told of it. */
  private static final Duration WARNING = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final Supplier<List<? extends Revocable>> everybody;
  private final Map<Identity, Coming> coming = new HashMap<>();

  private static final class Coming {
    final Revocation revocation;
    final Instant end;
    boolean warned;

    Coming(Revocation revocation, Instant end) {
      this.revocation = revocation;
      this.end = end;
    }
  }

  /**
   * @param everybody who is told something, each time it is asked
   */
  public Endings(InstantSource clock, Supplier<List<? extends Revocable>> everybody) {
    this.clock = clock;
    this.everybody = everybody;
  }

  /**
   * Something is revoked.
   *
   * @param position where in the log
   */
  public void revoke(Revocation revocation, Position position) {
    note(revocation);
    end(revocation::endOf, position);
  }

  /**
   * Revocations were read, of which the log may not have told.
   *
   * @param endOf when a bearer's word ends by all that is known; null for not
   */
  public void revoke(Iterable<Revocation> read, Function<Bearer, @Nullable Instant> endOf) {
    read.forEach(this::note);
    end(endOf, null);
  }

  private void end(Function<Bearer, @Nullable Instant> endOf, @Nullable Position position) {
    for (Revocable each : everybody.get()) {
      if (Instant.MIN.equals(endOf.apply(each.bearer()))) {
        each.revoke(position);
      }
    }
  }

  private void note(Revocation revocation) {
    if (revocation.identity().kind() != Revocation.Kind.KEY) {
      return;
    }
    Coming before = coming.get(revocation.identity());
    if (before != null && revocation.writtenAt().isBefore(before.revocation.writtenAt())) {
      return;
    }
    Instant end = revocation.endOfKey();
    if (end == null || end.equals(Instant.MIN)) {
      coming.remove(revocation.identity());
    } else if (before == null || !end.equals(before.end)) {
      coming.put(revocation.identity(), new Coming(revocation, end));
    }
  }

  /** Once a second or so: warns whose key is about to end, and ends what its time has come for. */
  public void tick() {
    if (coming.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    for (Coming each : List.copyOf(coming.values())) {
      if (!now.isBefore(each.end)) {
        coming.remove(each.revocation.identity());
        concerned(each.revocation).forEach(Revocable::expire);
      } else if (!each.warned && !now.isBefore(each.end.minus(WARNING))) {
        each.warned = true;
        concerned(each.revocation).stream()
            .filter(told -> !knowsOfAnEnd(told.bearer(), each.end))
            .forEach(told -> told.warnOfEnd(each.end));
      }
    }
  }

  private List<? extends Revocable> concerned(Revocation revocation) {
    return everybody.get().stream()
        .filter(each -> revocation.endOf(each.bearer()) != null)
        .toList();
  }

  /** Who knew of it when it came is warned by its connection, as of every end of a token. */
  private static boolean knowsOfAnEnd(Bearer bearer, Instant end) {
    return bearer.until() != null && !bearer.until().isAfter(end);
  }
}
