package dev.runcast.simulation;

import dev.runcast.run.Filter;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Cursor;
import dev.runcast.subscribe.turn.Gathered;
import dev.runcast.subscribe.turn.TurnAnswer;
import dev.runcast.subscribe.turn.TurnOffset;
import java.util.HashMap;
import java.util.Map;

/**
 * A client that hears by turns, as the official ones do: it makes what it is told of what it holds
 * without looking at versions, and comes back with the offset that it was given last.
 */
final class ModelPoller {
  final String name;
  final Filter filter;
  final Truth truth;
  private final ModelPostgres postgres;
  private final Trace trace;
  private boolean fromNow;

  private Map<RunId, Held> rows = new HashMap<>();
  private TurnOffset offset;
  private boolean upToDate;
  private long joined;

  /** The turn that is on; null between two. */
  private ModelTurn turn;

  /**
   * @param fromNow whether it begins with what happens from now on
   */
  ModelPoller(String name, Filter filter, boolean fromNow, ModelPostgres postgres, Trace trace) {
    this.name = name;
    this.filter = filter;
    this.fromNow = fromNow;
    this.postgres = postgres;
    this.trace = trace;
    this.truth = new Truth(name, filter, postgres);
  }

  /** Null at its beginning. */
  TurnOffset offset() {
    return offset;
  }

  long joined() {
    return joined;
  }

  boolean isFromNow() {
    return fromNow;
  }

  boolean isUpToDate() {
    return upToDate;
  }

  /** Null between two. */
  ModelTurn turn() {
    return turn;
  }

  boolean isAnswered() {
    return turn != null && turn.answer() != null;
  }

  void stepIsOver() {
    if (turn != null) {
      turn.stepIsOver();
    }
  }

  void ask(ModelNode node, boolean live) {
    trace.add(() -> name + " asks " + (live ? "and waits" : "") + " with " + offset);
    turn = new ModelTurn(this, node, postgres, live);
  }

  /** Hangs up, or loses the answer on its way: it has what it had before. */
  void breakOff() {
    trace.add(() -> name + " breaks off " + turn.answer());
    turn.leave();
    turn = null;
  }

  /** Takes the answer. */
  TurnAnswer take() {
    ModelTurn over = turn;
    TurnAnswer answer = over.answer();
    turn = null;
    if (answer instanceof TurnAnswer.News news) {
      take(news, over);
    } else if (answer instanceof TurnAnswer.BeginAnew) {
      trace.add(() -> name + " must begin anew");
      over.checkBeginsAnewForACause();
      rows = new HashMap<>();
      offset = null;
      upToDate = false;
      fromNow = false;
      joined = 0;
    } else {
      trace.add(() -> name + " can't be told");
    }
    return answer;
  }

  private void take(TurnAnswer.News answer, ModelTurn over) {
    trace.add(() -> "  " + name + " takes " + answer);
    answer.told().forEach(news -> over.check(news, rows.get(news.id())));
    answer.told().forEach(news -> take(news, over));
    over.checkSaysAll(answer);
    offset = TurnOffset.parse(answer.offset().toString());
    upToDate = answer.upToDate();
    joined = over.joined;
    checkClaim(over);
  }

  private void take(Gathered.News news, ModelTurn over) {
    if (news.run() == null) {
      rows.remove(news.id());
      return;
    }
    Held before = rows.get(news.id());
    if (before == null && !news.whole()) {
      if (over.isCurrent()) {
        throw new AssertionError(name + " is told a part of a run that it does not hold: " + news);
      }
      return; // two histories are mixed: it will have to begin anew
    }
    Held now = Held.laidOver(news.run(), news.whole(), before);
    if (over.isCurrent()) {
      truth.checkEverWas(news.id(), now);
    }
    rows.put(news.id(), now);
  }

  private void checkClaim(ModelTurn over) {
    Cursor cursor = offset.bookmark().cursor();
    boolean inFullRead = cursor.page() != null && cursor.page().full();
    if (over.isCurrent() && truth.knows(cursor.incarnation()) && !inFullRead) {
      truth.checkClaim(rows, version -> over.claims(offset, version), joined, offset);
    }
  }

  /** Compares with the table at rest, where every claim must be a place in the log. */
  void checkAtRest() {
    truth.checkAtRest(rows, joined);
    if (offset.bookmark().shown() != null || offset.bookmark().cursor().position() == null) {
      throw new AssertionError(name + " rests at " + offset);
    }
  }
}
