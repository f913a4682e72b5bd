package dev.runcast.http.realtime.shape;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.hub.Sink;
import dev.runcast.hub.Subscription;
import dev.runcast.run.Bookmark;
import dev.runcast.run.Cursor;
import dev.runcast.run.Run;
import dev.runcast.subscribe.Limits;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a client: gathers what the hub tells until there is something to answer, and is over.
 * It answers behind the turn of the event loop in which the hub told it, so that all of a
 * transaction is in one answer. There are thousands of these, held and idle: each field counts.
 *
 * <p>A live turn is held until there is news; one that is not live is answered as soon as it is
 * known how things stand. Whatever can't be answered in time is a 503, upon which these clients
 * come back with what they have; nothing was given then, so nothing is lost or told twice.
 */
final class ShapePoll implements Sink {
  /** Beyond this an answer goes out in parts; bytes as {@link Run#weight} counts them. */
  private static final long PART = 4L << 20;

  /** How long news waits for a bookmark that keeps it from being told again. */
  private static final long SETTLE_MILLIS = 2_000;

  private final RoutingContext context;
  private final ShapeLoop loop;
  private final ShapeTurn turn;
  private final Gathered gathered;
  private final int slot;

  private @Nullable Subscription subscription;
  private Limits.@Nullable Lease lease;

  /** What the last frame came with; at first, what the client did. */
  private @Nullable Cursor reached;

  /**
   * Whether enough was gathered for an answer. Only at a place that is further on: what one
   * snapshot shows and no cursor divides is answered as one, or it would be read over and over.
   */
  private boolean full;

  private boolean mustRefetch;
  private boolean checkIsDue;
  private boolean settleIsDue;
  private boolean over;

  ShapePoll(RoutingContext context, ShapeLoop loop, ShapeTurn turn) {
    this.context = context;
    this.loop = loop;
    this.turn = turn;
    this.gathered = new Gathered(this::isNew);
    ShapeOffset given = turn.request().offset();
    this.reached = given == null ? null : given.bookmark().cursor();
    this.slot = loop.holds().add(this);
    context.response().closeHandler(gone -> leave());
  }

  /** What to close when it is over; closed at once if it is. */
  void serve(Subscription served, Limits.Lease taken) {
    subscription = served;
    lease = taken;
    if (over) {
      letGo();
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
    full = full || (moves && gathered.weight() >= PART);
    if (!checkIsDue) {
      checkIsDue = true;
      loop.afterThisTurn(this::check);
    }
  }

  /** All is read from the beginning: what the client holds may be more than there is. */
  private void beginAnew() {
    gathered.clear();
    full = false;
    mustRefetch = !turn.request().begins() && !turn.followsOneRun();
  }

  /**
   * Whether the client was not given this row. By version where it follows one run, which counts on
   * in another history too; else by what its last read showed, as long as that can be told.
   */
  private boolean isNew(Run run) {
    ShapeOffset given = turn.request().offset();
    if (given == null) {
      return true;
    }
    if (given.version() > 0) {
      boolean sameHistory =
          reached != null && reached.incarnation().equals(given.bookmark().cursor().incarnation());
      return sameHistory ? run.version() > given.version() : run.version() != given.version();
    }
    Bookmark bookmark = given.bookmark();
    return bookmark.shown() == null
        || !loop.trusts(bookmark)
        || !bookmark.shown().shows(run.changedXid());
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
  public void close(CloseCode code) {
    unavailable();
  }

  // To the client.

  private void check() {
    checkIsDue = false;
    if (over || subscription == null) {
      return;
    }
    if (mustRefetch) {
      refetch();
      return;
    }
    Bookmark bookmark = subscription.bookmark();
    if (bookmark == null) {
      if (isFull() && reached != null) {
        answer(partOf(reached), false);
      }
    } else if (!turn.request().live()) {
      answer(bookmark, true);
    } else if (!gathered.isEmpty()) {
      if (subscription.isWithheld() && !isFull()) {
        letSettle();
      } else {
        answer(bookmark, true);
      }
    }
  }

  /** A place within a read; what was shown before it began still holds. */
  private Bookmark partOf(Cursor place) {
    ShapeOffset given = turn.request().offset();
    Bookmark before = given == null ? null : given.bookmark();
    return before == null
        ? new Bookmark(place, null, 0)
        : new Bookmark(place, before.shown(), before.session());
  }

  /** A moment later most bookmarks say all; if not, some may be told twice. */
  private void letSettle() {
    if (!settleIsDue) {
      settleIsDue = true;
      loop.later(SETTLE_MILLIS, this::answerAsItIs);
    }
  }

  private void answerAsItIs() {
    Bookmark bookmark = over || subscription == null ? null : subscription.bookmark();
    settleIsDue = false;
    if (bookmark != null && !mustRefetch) {
      answer(bookmark, true);
    }
  }

  /** Nothing has happened for so long that the client should hear that it is still there. */
  void holdIsOver() {
    Bookmark bookmark = over || subscription == null ? null : subscription.bookmark();
    if (bookmark == null) {
      unavailable();
    } else {
      answer(bookmark, true);
    }
  }

  private void answer(Bookmark bookmark, boolean upToDate) {
    ShapeOffset offset = new ShapeOffset(bookmark, version());
    List<byte[]> messages = gathered.messages(turn.form());
    if (leave()) {
      HttpServerResponse response = context.response();
      response.putHeader("electric-handle", turn.handle().toString());
      response.putHeader(
          "electric-cursor",
          ShapeAnswer.cursor(turn.request().cursor(), loop.now(), loop.random()));
      ShapeAnswer.news(response, messages, offset, upToDate);
    }
  }

  /** The version that the client then has of the one run that it follows. */
  private long version() {
    ShapeOffset given = turn.request().offset();
    long known = given == null ? 0 : given.version();
    long told = gathered.version();
    return turn.followsOneRun() ? (told == 0 ? known : told) : 0;
  }

  private void refetch() {
    if (leave()) {
      ShapeAnswer.refetch(context.response(), turn.handle().madeAnew(loop.now()));
    }
  }

  private void unavailable() {
    if (leave()) {
      context.fail(
          new ApiException(
              ApiError.UNAVAILABLE,
              "This can't be told at the moment; come back with the same offset."));
    }
  }

  /** Ends it, once; answers whether the client is still there to be answered. */
  private boolean leave() {
    if (over) {
      return false;
    }
    over = true;
    loop.holds().remove(this, slot);
    gathered.clear();
    letGo();
    return !context.response().closed();
  }

  private void letGo() {
    if (subscription != null) {
      subscription.close();
    }
    if (lease != null) {
      lease.release();
    }
  }
}
