package dev.runcast.subscribe.turn;

import dev.runcast.hub.Sink;
import dev.runcast.hub.Subscription;
import dev.runcast.hub.told.Claim;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Bookmark;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Position;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a client: gathers what the hub tells until there is something to answer, and is over.
 * It answers behind the turn of the event loop in which the hub told it, so that all of a
 * transaction is in one answer. There are thousands of these, held and idle: each field counts.
 *
 * <p>A live turn is held until there is news; one that is not live is answered as soon as it is
 * known how things stand.
 */
public final class Turn implements Sink {
  /** How long news waits for a bookmark that keeps it from being told again. */
  private static final Duration SETTLE = Duration.ofSeconds(2);

  private final TurnLoop loop;
  private final TurnRequest request;
  private final Consumer<TurnAnswer> answer;
  private final Gathered gathered;
  private final int slot;

  private @Nullable Subscription subscription;

  /** What the last frame came with; at first, what the client did. */
  private @Nullable Cursor reached;

  /**
   * Whether enough was gathered for an answer. Only at a place that is further on: what one
   * snapshot shows and no cursor divides is answered as one, or it would be read over and over.
   */
  private boolean full;

  private boolean mustBeginAnew;
  private boolean checkIsDue;
  private boolean settleIsDue;
  private boolean over;

  Turn(TurnLoop loop, TurnRequest request, Consumer<TurnAnswer> answer) {
    this.loop = loop;
    this.request = request;
    this.answer = answer;
    this.gathered = new Gathered(this::isNew);
    TurnOffset offset = request.offset();
    this.reached = offset == null ? null : offset.bookmark().cursor();
    this.slot = loop.holds().add(this);
  }

  /** What to close when it is over; closed at once if it is. */
  void serve(Subscription served) {
    subscription = served;
    if (over) {
      served.close();
    }
  }

  // From the hub.

  @Override
  public void write(SharedFrame shared, @Nullable Cursor cursor) {
    if (over) {
      return;
    }
    boolean moves = cursor != null && !cursor.equals(reached);
    reached = cursor;
    if (shared.frame() instanceof Frame.Snapshot snapshot && snapshot.start()) {
      beginAnew();
    }
    gathered.take(shared);
    full = full || (moves && gathered.weight() >= loop.partBytes());
    if (!checkIsDue) {
      checkIsDue = true;
      loop.afterThis(this::check);
    }
  }

  /** All is read from the beginning: what the client holds may be more than there is. */
  private void beginAnew() {
    gathered.clear();
    full = false;
    mustBeginAnew = request.offset() != null && !request.followsOneRun();
  }

  /**
   * Whether the client was not told this, or may not have been: neither by the version that the
   * offset names, nor, of what a read shows, by what the read before it has shown.
   */
  private boolean isNew(Gathered.News news) {
    TurnOffset offset = request.offset();
    if (offset == null || isOfAnotherHistory(offset)) {
      return true;
    }
    TurnOffset.Told told = offset.of(news.id());
    if (told != null && news.version() <= told.version()) {
      return false;
    }
    Run run = news.run();
    return run == null || !loop.wasShown(offset.bookmark(), run.changedXid());
  }

  /** Then a version that the client has may be that of another row. */
  private boolean isOfAnotherHistory(TurnOffset offset) {
    return reached != null
        && !reached.incarnation().equals(offset.bookmark().cursor().incarnation());
  }

  @Override
  public boolean isFull() {
    return over || full;
  }

  @Override
  public void onDrain(Runnable drained) {
    // It never drains: once full it is answered, and over.
  }

  @Override
  public Bearer bearer() {
    return request.bearer();
  }

  @Override
  public void close(CloseCode code) {
    end(new TurnAnswer.NotNow());
  }

  @Override
  public void revoke(@Nullable Position position) {
    end(new TurnAnswer.Revoked());
  }

  // To the client.

  private void check() {
    checkIsDue = false;
    if (over || subscription == null) {
      return;
    }
    if (mustBeginAnew) {
      end(new TurnAnswer.BeginAnew());
      return;
    }
    Claim claim = subscription.claim();
    if (claim == null) {
      if (isFull() && reached != null) {
        tell(partOf(reached), toldAhead(), false);
      }
    } else if (!request.live()) {
      tell(claim);
    } else if (!gathered.isEmpty()) {
      if (claim.isWithheld() && !isFull()) {
        letSettle();
      } else {
        tell(claim);
      }
    }
  }

  /** A place within a read; what was shown before it began still holds. */
  private Bookmark partOf(Cursor place) {
    TurnOffset offset = request.offset();
    Bookmark before = offset == null ? null : offset.bookmark();
    return before == null
        ? new Bookmark(place, null, 0)
        : new Bookmark(place, before.shown(), before.session());
  }

  /**
   * A moment later most bookmarks say all; if not, some may be told twice. Not so while a run is
   * being read: a turn that gave up on slow reads would leave the next one where this one began.
   */
  private void letSettle() {
    if (!settleIsDue) {
      settleIsDue = true;
      loop.later(SETTLE, this::tellAsItIs);
    }
  }

  private void tellAsItIs() {
    settleIsDue = false;
    Claim claim = claim();
    if (claim != null && !mustBeginAnew && !claim.isReading()) {
      tell(claim);
    }
  }

  /** Nothing has happened for so long that the client should hear that it is still there. */
  void holdIsOver() {
    Claim claim = claim();
    if (mustBeginAnew) {
      end(new TurnAnswer.BeginAnew());
    } else if (claim == null) {
      end(new TurnAnswer.NotNow());
    } else {
      tell(claim);
    }
  }

  private @Nullable Claim claim() {
    return over || subscription == null ? null : subscription.claim();
  }

  private void tell(Claim claim) {
    Map<RunId, TurnOffset.Told> ahead = toldAhead();
    for (Gathered.News news : gathered.news()) {
      long until = claim.readAheadUntil(news.id());
      if (until > 0 && news.version() != Long.MAX_VALUE) {
        ahead.put(news.id(), new TurnOffset.Told(news.id(), news.version(), until));
      }
    }
    tell(claim.bookmark(), ahead, true);
  }

  /**
   * Versions that the client then has beyond what a bookmark says: what was read of single runs,
   * until a horizon has passed it; and always that of the one run which it follows, so that not
   * even a read of the table tells it again.
   */
  private Map<RunId, TurnOffset.Told> toldAhead() {
    Map<RunId, TurnOffset.Told> ahead = new LinkedHashMap<>();
    TurnOffset before = request.offset();
    if (before != null && !isOfAnotherHistory(before)) {
      before.told().forEach(told -> ahead.put(told.run(), told));
    }
    for (Gathered.News news : gathered.news()) {
      if (request.followsOneRun() && news.version() != Long.MAX_VALUE) {
        ahead.put(news.id(), new TurnOffset.Told(news.id(), news.version(), 0));
      }
    }
    return ahead;
  }

  private void tell(Bookmark bookmark, Map<RunId, TurnOffset.Told> ahead, boolean upToDate) {
    long passed = bookmark.cursor().horizon();
    List<TurnOffset.Told> told =
        ahead.values().stream()
            .filter(each -> each.until() > passed || request.followsOneRun())
            .toList();
    Cursor last = reached;
    TurnOffset offset =
        told.size() <= TurnOffset.MOST_TOLD || last == null
            ? new TurnOffset(bookmark, told)
            : new TurnOffset(new Bookmark(last, null, 0), List.of());
    end(new TurnAnswer.News(gathered.news(), offset, upToDate));
  }

  private void end(TurnAnswer last) {
    if (!over) {
      leave();
      answer.accept(last);
    }
  }

  /** The client is gone, or will be: nothing more is gathered or answered. Idempotent. */
  public void leave() {
    if (!over) {
      over = true;
      loop.holds().remove(this, slot);
      gathered.clear();
      if (subscription != null) {
        subscription.close();
      }
    }
  }
}
