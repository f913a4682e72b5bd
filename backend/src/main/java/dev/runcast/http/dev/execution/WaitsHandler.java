package dev.runcast.http.dev.execution;

import dev.runcast.engine.Answer;
import dev.runcast.engine.Ids;
import dev.runcast.engine.Requests;
import dev.runcast.engine.wait.Waits;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.Repeats;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.http.api.request.TimesParser;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.WaitpointId;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.RunTable;
import dev.runcast.store.wait.DatedWaitTable;
import dev.runcast.store.wait.NewWait;
import dev.runcast.store.wait.NewWait.Kind;
import dev.runcast.store.wait.WaitTable;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs that wait, for time or a token, as their tasks ask for it. */
final class WaitsHandler {
  private static final int MAX_TEXT = 64;
  private static final int MAX_KEY = 2048;
  private static final Instant LATEST =
      OffsetDateTime.of(9999, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC).toInstant();

  private final Requests requests;
  private final Waits waits;
  private final Bodies bodies;
  private final InstantSource clock;

  WaitsHandler(Requests requests, Waits waits, Bodies bodies, InstantSource clock) {
    this.requests = requests;
    this.waits = waits;
    this.bodies = bodies;
    this.clock = clock;
  }

  void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    String run = "/engine/v1/runs/:runId";
    router.post(run + "/wait/duration").handler(auth).handler(body).handler(this::duration);
    router
        .post(run + "/waitpoints/tokens/:waitpointId/wait")
        .handler(auth)
        .handler(body)
        .handler(this::token);
  }

  private void duration(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    RunId run = PathRun.of(context);
    JsonFields body = bodies.required(context.body().buffer());
    Instant until = date(body.text("date", MAX_TEXT));
    NewWait asked = new NewWait(Ids.waitpoint().value(), Kind.DATETIME, null, null, until);
    String key = body.text("idempotencyKey", MAX_KEY);
    Instant expiry = keyExpiry(body);
    act(
        context,
        transaction ->
            dated(transaction, environment, key, asked, expiry)
                .compose(
                    wait ->
                        block(transaction, environment, run, wait, until(wait)).map(told(wait))));
  }

  private @Nullable Instant keyExpiry(JsonFields body) {
    String life = body.text("idempotencyKeyTTL", MAX_TEXT);
    return life == null ? null : clock.instant().plus(TimesParser.span("idempotencyKeyTTL", life));
  }

  /** A key that was used before stands for the time that it was used with. */
  private static Future<NewWait> dated(
      Transaction transaction,
      EnvironmentId environment,
      @Nullable String key,
      NewWait asked,
      @Nullable Instant expiry) {
    return key == null
        ? Future.succeededFuture(asked)
        : new DatedWaitTable(transaction).take(environment, key, asked, expiry);
  }

  private static Instant until(NewWait dated) {
    return Objects.requireNonNull(dated.until());
  }

  private static Answer told(NewWait dated) {
    JsonObject body =
        new JsonObject()
            .put("waitUntil", until(dated).toString())
            .put("waitpoint", new JsonObject().put("id", dated.id()));
    return new Answer(200, body.encode(), null, until(dated));
  }

  private static Instant date(@Nullable String text) {
    try {
      Instant date = text == null ? null : OffsetDateTime.parse(text).toInstant();
      if (date != null && date.isBefore(LATEST)) {
        return date;
      }
    } catch (DateTimeException notOne) {
      // Falls through to the one refusal of all that is no date.
    }
    throw ApiException.badRequest("date", "date must be a date of ISO 8601.");
  }

  private void token(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    RunId run = PathRun.of(context);
    String named = context.pathParam("waitpointId");
    if (!WaitpointId.accepts(named)) {
      throw unknown();
    }
    NewWait wait = new NewWait(named, Kind.MANUAL, named, null, null);
    Instant now = clock.instant();
    act(
        context,
        transaction ->
            // The run first, as whoever sends in to it, and so may end the waitpoint, has it.
            new RunTable(transaction)
                .lock(environment, run)
                .compose(held -> new WaitTable(transaction).lockWaitpoint(environment, named))
                .compose(
                    there -> {
                      if (!there) {
                        throw unknown();
                      }
                      return block(transaction, environment, run, wait, now);
                    })
                .map(new Answer(200, "{\"success\":true}", null, now)));
  }

  private Future<Void> block(
      Transaction transaction, EnvironmentId environment, RunId run, NewWait wait, Instant look) {
    return waits
        .block(transaction, environment, run, List.of(wait), look)
        .map(
            waiting -> {
              if (!waiting) {
                throw ApiException.notFound("No attempt of this run is under way that could wait.");
              }
              return null;
            });
  }

  /** What is to be done in one transaction. */
  @FunctionalInterface
  private interface Action {
    Future<Answer> in(Transaction transaction);
  }

  private void act(RoutingContext context, Action action) {
    requests
        .act(Repeats.of(context), action::in)
        .onSuccess(done -> Answers.send(context, done))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static ApiException unknown() {
    return ApiException.notFound("There is no waitpoint token of this id in this environment.");
  }
}
