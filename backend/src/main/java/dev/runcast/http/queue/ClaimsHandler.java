package dev.runcast.http.queue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.engine.Answer;
import dev.runcast.engine.Requests;
import dev.runcast.engine.claim.Claims;
import dev.runcast.engine.claim.Claims.Order;
import dev.runcast.engine.claim.Claims.Word;
import dev.runcast.engine.execution.LeaseEnd.Outcome;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.Repeats;
import dev.runcast.http.api.answer.RunView;
import dev.runcast.http.api.packet.PacketLinks;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.ChangeParser;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.TokenMint;
import dev.runcast.http.presence.Presence;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Database;
import dev.runcast.store.execution.Claimed;
import dev.runcast.store.queue.QueueTable;
import dev.runcast.wire.Columns;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives runs to workers in any language, and has them keep or give back what they have: {@code POST
 * /api/v1/queues/:queue/claim}, {@code /api/v1/runs/:runId/lease} and {@code …/lease/release}. What
 * comes of a run is told by {@code PATCH /api/v1/runs/:runId}, under its lease.
 */
public final class ClaimsHandler {
  private final Database database;
  private final Requests requests;
  private final Claims claims;
  private final Bodies bodies;
  private final ChangeParser changes;
  private final TokenMint mint;
  private final WaitingClaims waiting;
  private final Presence presence;

  /** What the handler works with. */
  public record Parts(
      Database database, Requests requests, Claims claims, Bodies bodies, ChangeParser changes) {}

  public ClaimsHandler(Parts parts, TokenMint mint, WaitingClaims waiting, Presence presence) {
    this.database = parts.database;
    this.requests = parts.requests;
    this.claims = parts.claims;
    this.bodies = parts.bodies;
    this.changes = parts.changes;
    this.mint = mint;
    this.waiting = waiting;
    this.presence = presence;
  }

  /** Adds the routes. */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    router.post("/api/v1/queues/:queue/claim").handler(auth).handler(body).handler(this::claim);
    router.post("/api/v1/runs/:runId/lease").handler(auth).handler(body).handler(this::extend);
    router
        .post("/api/v1/runs/:runId/lease/release")
        .handler(auth)
        .handler(body)
        .handler(this::release);
  }

  /**
   * Its answer is its asker's alone and is not stored: that it came again is seen from the runs.
   */
  private void claim(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    ClaimParser asked =
        ClaimParser.of(bodies.optional(context.body().buffer()), context.pathParam("queue"));
    String request = Repeats.of(context).map(known -> known.identity().key()).orElse(null);
    asked
        .queue()
        .name(new QueueTable(database.autocommit()), environment)
        .compose(
            queue -> claim(context, asked.order(environment, queue, request), asked.patience()))
        .compose(claimed -> answer(context, environment, claimed))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private Future<List<Claimed>> claim(
      RoutingContext context, Order order, @Nullable Duration wait) {
    if (wait == null) {
      return look(order);
    }
    HttpServerResponse response = context.response();
    return waiting
        .await(
            order, wait, () -> look(order), hangUp -> response.closeHandler(closed -> hangUp.run()))
        .compose(
            claimed ->
                response.closed() && order.terms().request() == null
                    ? giveBack(order, claimed)
                    : Future.succeededFuture(claimed));
  }

  /** Who waits looks every few seconds, and is there as long. */
  private Future<List<Claimed>> look(Order order) {
    presence.ofQueue(order.environment(), order.queue());
    return claims.next(order);
  }

  /**
   * Who asked for them is gone: others need not wait until their leases lapse. Not where the same
   * request may come again, which has them then.
   */
  private Future<List<Claimed>> giveBack(Order order, List<Claimed> claimed) {
    Future<List<Claimed>> all = Future.succeededFuture(List.of());
    for (Claimed one : claimed) {
      Word word = new Word(order.environment(), one.run().id(), one.lease());
      all =
          all.compose(
              before ->
                  requests
                      .step(transaction -> claims.release(transaction, word, null), done -> null)
                      .map(before));
    }
    return all;
  }

  private Future<Answer> answer(
      RoutingContext context, EnvironmentId environment, List<Claimed> claimed) {
    return mint.issuer(environment)
        .map(
            issuer -> {
              PacketLinks links = PacketLinks.of(issuer, context.request());
              String body =
                  RunView.object(
                      Columns.ALL,
                      view -> {
                        view.json().writeArrayFieldStart("runs");
                        for (Claimed one : claimed) {
                          view.json().writeStartObject();
                          view.claimed(one, links::reading);
                          view.json().writeEndObject();
                        }
                        view.json().writeEndArray();
                      });
              return new Answer(200, body, null);
            });
  }

  private void extend(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    JsonFields fields = bodies.required(context.body().buffer());
    Word word = word(context, environment, fields);
    Duration length = ClaimParser.length(fields);
    requests
        .act(
            Repeats.of(context),
            transaction ->
                claims
                    .extend(transaction, word, length)
                    .map(
                        extended -> {
                          presence.ofQueue(environment, extended.queue());
                          return extended(word, extended.until());
                        }))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private void release(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    JsonFields fields = bodies.required(context.body().buffer());
    Word word = word(context, environment, fields);
    JsonNode given = fields.value("error");
    String error = given == null ? null : changes.errorText(given);
    requests
        .act(
            Repeats.of(context),
            transaction ->
                claims.release(transaction, word, error).map(outcome -> released(word, outcome)))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static Answer extended(Word word, Instant until) {
    JsonObject body =
        new JsonObject()
            .put("id", word.run().value())
            .put("lease", word.lease())
            .put("leaseExpiresAt", until.toString());
    return new Answer(200, body.encode(), null, until);
  }

  private static Answer released(Word word, Outcome outcome) {
    JsonObject body =
        new JsonObject().put("id", word.run().value()).put("status", outcome.status().apiName());
    Instant again = outcome.again();
    if (again != null) {
      body.put("retryAt", again.toString());
    }
    return new Answer(200, body.encode(), null, again);
  }

  private static Word word(RoutingContext context, EnvironmentId environment, JsonFields fields) {
    String run = context.pathParam("runId");
    if (!RunId.accepts(run)) {
      throw ApiException.notFound("There is no run of this id in this environment.");
    }
    return new Word(environment, new RunId(run), ClaimParser.lease(fields));
  }
}
