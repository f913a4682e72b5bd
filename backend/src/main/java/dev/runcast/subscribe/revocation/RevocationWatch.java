package dev.runcast.subscribe.revocation;

import dev.runcast.hub.Hub;
import dev.runcast.hub.log.HeardLog;
import dev.runcast.hub.log.Hole;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.run.revocation.Revocation;
import dev.runcast.run.revocation.Revoked;
import dev.runcast.store.revocation.RevocationReads;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that one hub misses no revocation: what the log tells it learns as it comes, and what
 * the log may not have told, or not yet, it reads. Owned by the hub's event loop.
 */
public final class RevocationWatch {
  private final Hub hub;
  private final Revocations known;
  private final LongFunction<Future<RevocationReads.Read>> reads;

  /** Those who wait for a check that has not begun; null while nobody does. */
  private @Nullable Promise<Void> next;

  private boolean checking;

  /** All revocations by a lesser transaction id were heard or read in this history. */
  private long from;

  private @Nullable Incarnation history;
  private Set<Revocation> lastRead = Set.of();

  /** How often the log's hole had been opened when a check last showed all that it may hide. */
  private long provenTimes = -1;

  /**
   * @param reads see {@link RevocationReads#since}
   */
  public RevocationWatch(
      Hub hub, Revocations known, LongFunction<Future<RevocationReads.Read>> reads) {
    this.hub = hub;
    this.known = known;
    this.reads = reads;
    hub.heard().horizons().atNext(this::horizonPassed);
  }

  /** Learns what a batch tells; before the hub does. */
  public void hear(ChangeBatch batch) {
    for (ChangeBatch.Entry entry : batch.entries()) {
      if (entry instanceof Committed committed) {
        for (Revoked revoked : committed.revocations()) {
          known.add(revoked.revocation());
        }
      }
    }
  }

  // How sure it is.

  /** Whether all revocations up to the place that the hub has reached are known. */
  public boolean hasHeardAll() {
    return hub.heard().horizon() > 0 && provenTimes == hub.heard().unheard().times();
  }

  /**
   * When a bearer's word ends: by what is known while the log is heard without a gap, otherwise by
   * what the table says.
   *
   * @return empty if it does not; {@link Instant#MIN} for at once
   */
  public Future<Optional<Instant>> endOf(Bearer bearer) {
    return hasHeardAll() && !hub.isStale()
        ? Future.succeededFuture(knownEndOf(bearer))
        : check().map(checked -> knownEndOf(bearer));
  }

  /** The same by what is known. */
  public Optional<Instant> knownEndOf(Bearer bearer) {
    return Optional.ofNullable(known.endOf(bearer));
  }

  /** Whether it is known that the bearer's word was taken back. */
  public boolean isRevoked(Bearer bearer) {
    return Instant.MIN.equals(known.endOf(bearer));
  }

  // Reading.

  /**
   * Has everybody ended who was revoked by anything that a snapshot taken now would show. Whoever
   * asks while a check is under way shares the next one, for its snapshot is older.
   */
  public Future<Void> check() {
    Promise<Void> asked = next;
    if (asked == null) {
      asked = Promise.promise();
      next = asked;
    }
    Future<Void> checked = asked.future();
    startNext();
    return checked;
  }

  private void startNext() {
    Promise<Void> asked = next;
    if (checking || asked == null) {
      return;
    }
    next = null;
    checking = true;
    Beginning beginning = begin();
    Future.succeededFuture()
        .compose(now -> reads.apply(from))
        .compose(
            read -> {
              take(read, beginning);
              return Future.<Void>succeededFuture();
            })
        .onComplete(
            done -> {
              checking = false;
              if (done.succeeded()) {
                asked.complete();
              } else {
                asked.fail(done.cause());
              }
              startNext();
            });
  }

  /** What was known of the log when a check began, and so before its snapshot was taken. */
  private record Beginning(long horizon, long hole, long times) {}

  private Beginning begin() {
    HeardLog heard = hub.heard();
    Incarnation now = heard.incarnation().orElse(null);
    if (!Objects.equals(now, history)) {
      history = now;
      from = 0;
    }
    Hole hole = heard.unheard();
    return new Beginning(heard.horizon(), hole.bound(), hole.times());
  }

  private void take(RevocationReads.Read read, Beginning beginning) {
    read.revocations().forEach(known::add);
    if (!lastRead.containsAll(read.revocations())) {
      hub.endings().revoke(read.revocations(), known::endOf);
    }
    lastRead = Set.copyOf(read.revocations());
    long xmin = read.visibility().xmin();
    from = Math.min(xmin, beginning.horizon);
    if (beginning.hole != HeardLog.UNKNOWN_HOLE && xmin >= beginning.hole) {
      provenTimes = beginning.times;
    }
  }

  /** What the log may have hidden is looked for until it is certain to be visible. */
  private void horizonPassed() {
    hub.heard().horizons().atNext(this::horizonPassed);
    if (!hasHeardAll()) {
      check().onFailure(away -> {});
    }
  }
}
