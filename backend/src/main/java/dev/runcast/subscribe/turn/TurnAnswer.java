package dev.runcast.subscribe.turn;

import java.util.List;

/** How a turn ends for its client; told to it whole or not at all. */
public sealed interface TurnAnswer {

  /**
   * What happened since the offset that the client came with, and how far that goes.
   *
   * @param told in order; of each run at most one piece of news
   * @param upToDate whether it tells all that there is; otherwise the client asks on at once
   */
  record News(List<Gathered.News> told, TurnOffset offset, boolean upToDate)
      implements TurnAnswer {}

  /** What the client holds can't be gone on from: it forgets all of it and begins anew. */
  record BeginAnew() implements TurnAnswer {}

  /** The client's word was taken back: nothing is told. */
  record Revoked() implements TurnAnswer {}

  /**
   * It can't be told at the moment. The client comes back with the offset that it has: nothing was
   * given, so nothing is lost or told twice.
   */
  record NotNow() implements TurnAnswer {}
}
