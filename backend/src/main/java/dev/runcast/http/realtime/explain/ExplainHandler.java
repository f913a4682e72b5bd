package dev.runcast.http.realtime.explain;

import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.realtime.FeedAccess;
import dev.runcast.http.realtime.FeedRequest;
import dev.runcast.http.realtime.FeedUrl;
import dev.runcast.http.realtime.SubscribeParser;
import dev.runcast.run.RunId;
import dev.runcast.store.feed.FeedReader;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code GET /realtime/v1/explain?run=…&feed=…}: would this run's changes reach whoever follows
 * this feed with this token, and if not, why?
 */
public final class ExplainHandler {
  private final SubscribeParser parser;
  private final FeedReader reader;

  public ExplainHandler(SubscribeParser parser, FeedReader reader) {
    this.parser = parser;
    this.reader = reader;
  }

  /** Answers for whoever asks, with the scopes that they have. */
  public void explain(RoutingContext context) {
    Principal principal = Principal.of(context);
    RunId run = FeedAccess.runId(required(context, "run"));
    FeedRequest feed = FeedUrl.parse(required(context, "feed")).read(parser, principal);
    reader
        .one(principal.environment(), run)
        .map(found -> Explanation.of(principal, feed, found.run()))
        .onSuccess(
            explanation ->
                context
                    .response()
                    .putHeader("content-type", "application/json; charset=utf-8")
                    .putHeader("cache-control", "no-store")
                    .end(json(explanation).toBuffer()))
        .onFailure(context::fail);
  }

  private static JsonObject json(Explanation explanation) {
    JsonArray reasons = new JsonArray();
    for (Explanation.Reason reason : explanation.reasons()) {
      reasons.add(new JsonObject().put("rule", reason.rule()).put("explanation", reason.text()));
    }
    JsonArray skipped = new JsonArray();
    explanation.skipped().forEach(skipped::add);
    return new JsonObject()
        .put("reaches", explanation.reaches())
        .put("reasons", reasons)
        .put("skipColumns", skipped);
  }

  private static String required(RoutingContext context, String name) {
    String value = context.queryParams().get(name);
    if (value == null || value.isEmpty()) {
      throw ApiException.badRequest(
          name,
          name.equals("run")
              ? "run is missing: the id of the run that you wonder about."
              : "feed is missing: path and query of the feed, percent-encoded, such as"
                  + " %2Frealtime%2Fv1%2Fruns%3Ftags%3Dvip.");
    }
    return value;
  }
}
