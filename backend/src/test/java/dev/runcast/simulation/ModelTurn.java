package dev.runcast.simulation;

import dev.runcast.hub.Hub;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Bookmark;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Position;
import dev.runcast.simulation.ModelPostgres.Stored;
import dev.runcast.subscribe.SubscribeRequest;
import dev.runcast.subscribe.turn.Gathered;
import dev.runcast.subscribe.turn.Turn;
import dev.runcast.subscribe.turn.TurnAnswer;
import dev.runcast.subscribe.turn.TurnOffset;
import dev.runcast.subscribe.turn.TurnRequest;
import dev.runcast.testing.Bearers;
import dev.runcast.wire.Columns;
import dev.runcast.wire.Frame;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One turn of a client, as the product takes it, and what the client may expect of its answer: that
 * it repeats nothing which the offset says was told, and sends nobody back without a cause.
 */
final class ModelTurn {
  private final ModelPoller client;
  private final ModelNode node;
  private final Hub hub;
  private final ModelPostgres postgres;
  private final Truth truth;
  private final TurnOffset offset;
  private final boolean beganInItsHistory;
  private final boolean resumes;

  /** Transactions of which the node knew at the beginning that the offset's read has shown them. */
  private final Set<Long> shown = new HashSet<>();

  private final long horizonBefore;
  private final int readsBefore;
  private final Turn turn;

  /** Whether the node has known of the last restore all along. */
  private boolean current = true;

  /** From where on its client was promised to hear everything, if this is its first. */
  final long joined;

  /** Null while there is none. */
  private TurnAnswer answer;

  /** How far the node had come when it answered. */
  private Position heard;

  ModelTurn(ModelPoller client, ModelNode node, ModelPostgres postgres, boolean live) {
    this.client = client;
    this.node = node;
    this.hub = node.hub;
    this.postgres = postgres;
    this.truth = client.truth;
    this.offset = client.offset();
    Bookmark bookmark = offset == null ? null : offset.bookmark();
    this.beganInItsHistory = isOfItsHistory();
    this.resumes = bookmark != null && hub.heard().covers(bookmark);
    this.horizonBefore = hub.heard().horizon();
    this.readsBefore = node.readsOf(client.filter);
    this.joined =
        client.isFromNow() && offset == null
            ? hub.heard().now().orElseThrow().position().lsn().value()
            : client.joined();
    if (bookmark != null) {
      postgres.xids().filter(xid -> hub.heard().wasShown(bookmark, xid)).forEach(shown::add);
    }
    Cursor after = bookmark == null ? null : bookmark.cursor();
    SubscribeRequest feed =
        new SubscribeRequest(
            client.filter, Columns.ALL, after, client.isFromNow(), false, Duration.ZERO);
    this.turn = node.turns.open(new TurnRequest(Bearers.KEY, feed, offset, live), this::answered);
  }

  private void answered(TurnAnswer told) {
    if (answer != null) {
      throw new AssertionError(client.name + " is answered twice");
    }
    answer = told;
    heard = hub.heard().now().map(Cursor::position).orElse(null);
  }

  boolean isAt(ModelNode asked) {
    return hub == asked.hub;
  }

  /** Whether it keeps a subscription at this node. */
  boolean isOpenAt(ModelNode asked) {
    return isAt(asked) && answer == null;
  }

  /** Whether everything in it is of a history that stands. */
  boolean isCurrent() {
    return current;
  }

  /** Null while there is none. */
  TurnAnswer answer() {
    return answer;
  }

  void stepIsOver() {
    current = current && hub.heard().incarnation().filter(truth::knows).isPresent();
  }

  void leave() {
    turn.leave();
  }

  // What may be expected.

  /** Checks one piece of news against what its client was told before. */
  void check(Gathered.News news, Held held) {
    if (!current || offset == null || news.run() == null || held == null) {
      return;
    }
    boolean again = held.version() >= news.version();
    if (again && (isTwiceByVersion(news) || wasTold(news))) {
      throw new AssertionError(client.name + " is told again of " + news.run());
    }
  }

  /** Whether the offset gives that version or a later one, and so in its history for ever. */
  private boolean isTwiceByVersion(Gathered.News news) {
    return isSaid(offset, news)
        && answer instanceof TurnAnswer.News told
        && told.offset()
            .bookmark()
            .cursor()
            .incarnation()
            .equals(offset.bookmark().cursor().incarnation());
  }

  /** Whether the offset says so: for a row of a read beyond doubt, for all else by its place. */
  private boolean wasTold(Gathered.News news) {
    long xid = news.run().changedXid();
    if (news.frame().frame() instanceof Frame.Snapshot) {
      return shown.contains(xid) && hub.heard().wasShown(offset.bookmark(), xid);
    }
    return resumes && !hasRead() && covers(offset.bookmark(), news);
  }

  /** Whether the table was read at this node for such a feed since the turn began. */
  private boolean hasRead() {
    return node.readsOf(client.filter) != readsBefore;
  }

  private boolean covers(Bookmark bookmark, Gathered.News news) {
    Position place = bookmark.cursor().position();
    return versions(news.id()).stream()
        .filter(stored -> stored.row() != null && stored.row().version() == news.version())
        .anyMatch(
            stored ->
                (place != null && !stored.position().isAfter(place))
                    || (bookmark.shown() != null && bookmark.shown().shows(stored.xid())));
  }

  private List<Stored> versions(RunId id) {
    return postgres.history().getOrDefault(id, List.of());
  }

  /**
   * The new offset says all that was told, or else the next turn would tell it again: unless
   * something before it could not be told yet.
   */
  void checkSaysAll(TurnAnswer.News told) {
    Bookmark bookmark = told.offset().bookmark();
    Position place = bookmark.cursor().position();
    if (current && told.upToDate() && place != null && !isWithheldAfter(place, told)) {
      for (Gathered.News news : told.told()) {
        if (news.run() != null && !covers(bookmark, news) && !isSaid(told.offset(), news)) {
          throw new AssertionError(client.name + " goes on from " + bookmark + " without " + news);
        }
      }
    }
  }

  private static boolean isSaid(TurnOffset given, Gathered.News news) {
    return given.told().stream()
        .anyMatch(told -> told.run().equals(news.id()) && told.version() >= news.version());
  }

  /** Whether there is a change that the node has heard and the answer leaves out. */
  private boolean isWithheldAfter(Position place, TurnAnswer.News told) {
    return postgres.history().values().stream()
        .flatMap(List::stream)
        .filter(stored -> stored.row() != null && stored.position().isAfter(place))
        .filter(stored -> !stored.position().isAfter(heard))
        .anyMatch(stored -> told.told().stream().noneMatch(news -> tells(news, stored.row())));
  }

  private static boolean tells(Gathered.News news, Run row) {
    return news.id().equals(row.id()) && news.version() >= row.version();
  }

  /**
   * It must begin anew only in another history, or where something that it may hold is purged. A
   * turn that reads a second time goes from where its node was before.
   */
  void checkBeginsAnewForACause() {
    Cursor cursor = offset.bookmark().cursor();
    long readFrom = Math.min(cursor.horizon(), horizonBefore);
    boolean purged = postgres.watermark(postgres.snapshot()) >= readFrom;
    if (isOfItsHistory() && beganInItsHistory && !purged && current) {
      throw new AssertionError(client.name + " is sent back to its beginning from " + cursor);
    }
  }

  private boolean isOfItsHistory() {
    return offset != null
        && hub.heard()
            .incarnation()
            .filter(offset.bookmark().cursor().incarnation()::equals)
            .isPresent();
  }

  /** Which versions the answer's offset claims to have told. */
  boolean claims(TurnOffset given, Stored version) {
    Bookmark bookmark = given.bookmark();
    Position place = bookmark.cursor().position();
    return version.xid() < bookmark.cursor().horizon()
        || (place != null && !version.position().isAfter(place))
        || (bookmark.shown() != null
            && hub.heard().wasShown(bookmark, version.xid())
            && bookmark.shown().shows(version.xid()));
  }

  @Override
  public String toString() {
    return "from " + offset + (resumes ? " resumed" : "");
  }
}
