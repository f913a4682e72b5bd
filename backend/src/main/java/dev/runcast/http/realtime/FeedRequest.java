package dev.runcast.http.realtime;

import dev.runcast.run.revocation.Bearer;
import dev.runcast.subscribe.SubscribeRequest;
import dev.runcast.tokens.Scope;
import java.util.List;

/**
 * A request to follow a feed, read from its URL and headers.
 *
 * @param bearer by whose word
 * @param idSuffix what every event's id carries behind its cursor, so that it comes back with the
 *     client; empty as a rule
 * @param needed scopes of which any one will do; empty when only a look at the run can tell
 */
public record FeedRequest(
    Bearer bearer, SubscribeRequest subscribe, String idSuffix, List<Scope> needed) {

  /** Whether the client was here before, and so may know what is not there any more. */
  public boolean isResumed() {
    return subscribe.after() != null;
  }
}
