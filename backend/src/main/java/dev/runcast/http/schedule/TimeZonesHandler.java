package dev.runcast.http.schedule;

import dev.runcast.engine.Answer;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Lists time zones, to anybody: {@code GET /api/v1/timezones}. */
public final class TimeZonesHandler {
  private static final String EXCLUDE = "excludeUtc";
  private static final Answer ALL = answer(TimeZones.names(true));
  private static final Answer WITHOUT_UTC = answer(TimeZones.names(false));

  /** Adds the route of time zones. */
  public void mount(Router router) {
    router.get("/api/v1/timezones").handler(this::list);
  }

  private void list(RoutingContext context) {
    String exclude = context.queryParams().get(EXCLUDE);
    if (exclude != null && !exclude.equals("true") && !exclude.equals("false")) {
      throw ApiException.badRequest(EXCLUDE, EXCLUDE + " must be true or false.");
    }
    Answers.send(context, "true".equals(exclude) ? WITHOUT_UTC : ALL);
  }

  private static Answer answer(List<String> names) {
    String body = new JsonObject().put("timezones", new JsonArray(names)).encode();
    return new Answer(200, body, null);
  }
}
