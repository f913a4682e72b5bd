package dev.runcast.http.inside;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.http.ApiException;
import dev.runcast.http.session.Sessions;
import dev.runcast.json.JsonText;
import dev.runcast.metrics.ServicePulse;
import dev.runcast.metrics.ServiceSample;
import dev.runcast.run.Filter;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/dashboard/service}: this node's last quarter of an hour. With {@code since},
 * only the samples after that instant.
 */
public final class InsideHandler {
  /** Where it is. */
  public static final String PATH = "/api/v1/dashboard/service";

  private static final int MOST_FEEDS = 10;

  private final Sessions sessions;
  private final Sources sources;

  /**
   * Where it hears all that.
   *
   * @param position of the log that this node has heard last; empty before it has heard any
   */
  public record Sources(
      ServicePulse pulse, FeedCensus census, Supplier<Optional<String>> position) {}

  public InsideHandler(Sessions sessions, Sources sources) {
    this.sessions = sessions;
    this.sources = sources;
  }

  /** Adds its route. */
  public void mount(Router router) {
    router.get(PATH).handler(this::look);
  }

  private void look(RoutingContext context) {
    Instant since = since(context.queryParams().get("since"));
    sessions
        .require(context.request())
        .compose(
            in ->
                sources.census.largest(
                    Vertx.currentContext(), in.session().environment(), MOST_FEEDS))
        .onSuccess(feeds -> answer(context, since, feeds))
        .onFailure(context::fail);
  }

  private static Instant since(@Nullable String text) {
    try {
      return text == null ? Instant.EPOCH : Instant.parse(text);
    } catch (DateTimeException noInstant) {
      throw ApiException.badRequest(
          "since", "since must be an instant, such as 2026-01-02T03:04:05Z.");
    }
  }

  private void answer(RoutingContext context, Instant since, Map<Filter, Integer> feeds) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("everyMs", ServicePulse.EVERY.toMillis());
    answer.put("position", sources.position.get().orElse(null));
    ArrayNode samples = answer.putArray("samples");
    sources.pulse.samples().stream()
        .filter(sample -> sample.at().isAfter(since))
        .forEach(sample -> write(sample, samples.addObject()));
    ArrayNode largest = answer.putArray("feeds");
    feeds.forEach(
        (feed, size) ->
            largest
                .addObject()
                .put("feed", FeedAddress.of(feed))
                .put("subscriptions", size.intValue()));
    context
        .response()
        .putHeader("content-type", "application/json; charset=utf-8")
        .putHeader("cache-control", "no-store")
        .end(JsonText.print(answer));
  }

  private static void write(ServiceSample sample, ObjectNode into) {
    into.put("at", sample.at().toString())
        .put("changes", rounded(sample.flow().changes()))
        .put("deliveries", rounded(sample.flow().deliveries()))
        .put("lagP50Ms", rounded(sample.lag().p50()))
        .put("lagP99Ms", rounded(sample.lag().p99()))
        .put("connections", sample.audience().connections())
        .put("subscriptions", sample.audience().subscriptions())
        .put("behind", sample.audience().behind())
        .put("dropped", sample.audience().dropped())
        .put("missed", sample.audience().missed())
        .put("retainedBytes", sample.log().retainedBytes())
        .put("horizonAgeMs", sample.log().horizonAgeMs());
  }

  /** More digits say nothing. */
  private static @Nullable Double rounded(@Nullable Double value) {
    return value == null ? null : Math.round(value * 100) / 100.0;
  }
}
