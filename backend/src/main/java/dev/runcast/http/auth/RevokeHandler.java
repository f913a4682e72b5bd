package dev.runcast.http.auth;

import dev.runcast.engine.Answer;
import dev.runcast.engine.Requests;
import dev.runcast.http.api.Api;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.Repeats;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.json.JsonText;
import dev.runcast.run.revocation.Revocation;
import dev.runcast.store.revocation.RevocationTable;
import dev.runcast.store.revocation.RevocationTable.Order;
import dev.runcast.store.revocation.RevocationTable.Written;
import dev.runcast.subscribe.revocation.Revocations;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/v1/auth/revoke}: takes public tokens back. Those who are connected hear of it by
 * the log; requests to this node are refused from the answer on.
 */
public final class RevokeHandler {
  private final Bodies bodies;
  private final RevokeParser parser;
  private final Requests requests;
  private final Revocations known;
  private final InstantSource clock;

  /**
   * @param known to this node
   */
  public RevokeHandler(Api.Backing backing, Revocations known) {
    this.bodies = new Bodies(new JsonText(backing.limits().depth()));
    this.parser = new RevokeParser(backing.clock());
    this.requests = backing.requests();
    this.known = known;
    this.clock = backing.clock();
  }

  /**
   * Adds the route.
   *
   * @param auth puts the principal into the context, or refuses
   * @param body reads the body
   */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    router.post("/api/v1/auth/revoke").handler(auth).handler(body).handler(this::revoke);
  }

  private void revoke(RoutingContext context) {
    Principal principal = Principal.of(context);
    Authorizer.requireSecretKey(principal);
    Order order = parser.parse(principal.environment(), bodies.required(context.body().buffer()));
    requests
        .act(
            Repeats.of(context),
            transaction ->
                new RevocationTable(transaction).revoke(order).map(RevokeHandler::answer))
        .onSuccess(
            answer -> {
              known.add(committed(order, new JsonObject(answer.body())));
              Answers.send(context, answer);
            })
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static Answer answer(Written written) {
    Revocation revocation = written.revocation();
    JsonObject body = new JsonObject();
    switch (revocation.identity().kind()) {
      case TOKEN -> body.put("jti", revocation.identity().subject());
      case SCOPE -> body.put("scope", revocation.identity().subject());
      case ENVIRONMENT, KEY -> {}
    }
    put(body, "issuedBefore", revocation.at());
    put(body, "expiresAt", revocation.expiresAt());
    return new Answer(200, body.encode(), written.xid());
  }

  private static void put(JsonObject body, String field, @Nullable Instant instant) {
    if (instant != null) {
      body.put(field, instant.toString());
    }
  }

  /** As it was answered: the answer may be that of the same request on another node. */
  private Revocation committed(Order order, JsonObject answered) {
    return new Revocation(
        new Revocation.Identity(order.environment(), order.kind(), order.subject()),
        instant(answered, "issuedBefore"),
        instant(answered, "expiresAt"),
        clock.instant());
  }

  private static @Nullable Instant instant(JsonObject from, String field) {
    String text = from.getString(field);
    return text == null ? null : Instant.parse(text);
  }
}
