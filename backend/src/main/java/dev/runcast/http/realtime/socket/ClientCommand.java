package dev.runcast.http.realtime.socket;

import org.jspecify.annotations.Nullable;

/** What a client says on a socket. */
sealed interface ClientCommand {

  /** The subscription that it concerns, by the client's name; null for the socket as a whole. */
  @Nullable String subscription();

  /**
   * To follow a feed.
   *
   * @param feed path and query, as a request for its events would have them
   * @param after the cursor to go on from; it wins over one in the query
   * @param token its own; null for the socket's
   */
  record Subscribe(String subscription, String feed, @Nullable String after, @Nullable String token)
      implements ClientCommand {}

  /** To hear no more of a feed. */
  record Unsubscribe(String subscription) implements ClientCommand {}

  /**
   * To go on beyond the end of a token.
   *
   * @param subscription null for all those that came without a token of their own
   */
  record Renew(@Nullable String subscription, String token) implements ClientCommand {}
}
