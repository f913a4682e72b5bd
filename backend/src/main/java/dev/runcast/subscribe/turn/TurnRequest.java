package dev.runcast.subscribe.turn;

import dev.runcast.run.Filter;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.subscribe.SubscribeRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for in one turn, already authorised.
 *
 * @param bearer by whose word
 * @param feed whose {@code after}, if any, is the offset's cursor
 * @param offset where the client is; null at its beginning, when it holds nothing
 * @param live whether it waits for news, rather than wants to know at once how things stand
 */
public record TurnRequest(
    Bearer bearer, SubscribeRequest feed, @Nullable TurnOffset offset, boolean live) {

  boolean followsOneRun() {
    return feed.filter() instanceof Filter.ByRun;
  }
}
