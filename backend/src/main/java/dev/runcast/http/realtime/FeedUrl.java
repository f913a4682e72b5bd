package dev.runcast.http.realtime;

import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Principal;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A feed by the URL that its events would be asked for under: path and query, without a host.
 *
 * @param path decoded
 */
public record FeedUrl(String path, MultiMap parameters) {
  private static final String RUNS = "/realtime/v1/runs";
  private static final String BATCHES = "/realtime/v1/batches";

  /**
   * Reads a URL.
   *
   * @throws ApiException 400 when it is none, or one of the long poll, or holds a token
   */
  public static FeedUrl parse(String text) {
    QueryStringDecoder decoder = new QueryStringDecoder(text);
    MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
    String path;
    try {
      path = decoder.path();
      decoder.parameters().forEach(parameters::add);
    } catch (IllegalArgumentException malformed) {
      throw notFeed();
    }
    for (String foreign : List.of("access_token", "offset")) {
      if (parameters.contains(foreign)) {
        throw ApiException.badRequest(
            "feed",
            foreign.equals("offset")
                ? "feed must not have an offset, which is of the long poll; leave it out."
                : "feed must not hold the token; send it as token.");
      }
    }
    return new FeedUrl(path, parameters);
  }

  /** Lets a principal follow it; the place is the cursor that it goes on from, if it has one. */
  public Future<FeedRequest> admit(
      FeedAdmission admission, Principal principal, @Nullable String after) {
    FeedQuery query = new FeedQuery(parameters, after);
    if (path.equals(RUNS)) {
      return admission.runs(principal, query);
    }
    String run = idUnder(RUNS);
    if (run != null) {
      return admission.run(principal, run, query);
    }
    String batch = idUnder(BATCHES);
    if (batch != null) {
      return admission.batch(principal, batch, query);
    }
    throw notFeed();
  }

  /** What it asks for, whether or not the principal may follow it. */
  public FeedRequest read(SubscribeParser parser, Principal principal) {
    FeedQuery query = new FeedQuery(parameters, null);
    if (path.equals(RUNS)) {
      return parser.runs(principal, query);
    }
    String run = idUnder(RUNS);
    if (run != null) {
      return parser.run(principal, FeedAccess.runId(run), query);
    }
    String batch = idUnder(BATCHES);
    if (batch != null) {
      return parser.batch(principal, FeedAccess.batchId(batch), query);
    }
    throw notFeed();
  }

  private @Nullable String idUnder(String collection) {
    return path.startsWith(collection + "/") ? path.substring(collection.length() + 1) : null;
  }

  private static ApiException notFeed() {
    return ApiException.badRequest(
        "feed",
        "feed must be the path and query of a feed: /realtime/v1/runs, /realtime/v1/runs/{id} or"
            + " /realtime/v1/batches/{id}.");
  }
}
