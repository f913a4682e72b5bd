package dev.runcast.http.api.waitpoint;

import dev.runcast.engine.Answer;
import dev.runcast.engine.Requests;
import dev.runcast.engine.waitpoint.Waitpoints;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.Api;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.Handles;
import dev.runcast.http.api.answer.Repeats;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.auth.TokenMint;
import dev.runcast.json.JsonText;
import dev.runcast.run.WaitpointId;
import dev.runcast.store.Database;
import dev.runcast.store.wait.WaitTable;
import dev.runcast.store.waitpoint.NewWaitpoint;
import dev.runcast.store.waitpoint.Waitpoint;
import dev.runcast.store.waitpoint.Waitpoint.Output;
import dev.runcast.store.waitpoint.WaitpointLists;
import dev.runcast.store.waitpoint.WaitpointTable;
import dev.runcast.tokens.TokenIssuer;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Waitpoint tokens: {@code POST} and {@code GET /api/v1/waitpoints/tokens}, {@code GET
 * …/:waitpointId}, {@code POST …/:waitpointId/complete} and, for whoever has the URL, {@code POST
 * …/:waitpointId/callback}.
 */
public final class WaitpointsHandler {
  private static final Duration TOKEN_LIFE = Duration.ofHours(24);

  private final Bodies bodies;
  private final WaitpointParser parser;
  private final Requests requests;
  private final Database database;
  private final TokenMint mint;
  private final InstantSource clock;

  public WaitpointsHandler(Api.Backing backing, TokenMint mint) {
    this.bodies = new Bodies(new JsonText(backing.limits().depth()));
    this.parser = new WaitpointParser(backing.limits(), backing.clock());
    this.requests = backing.requests();
    this.database = backing.database();
    this.mint = mint;
    this.clock = backing.clock();
  }

  /**
   * Adds the routes.
   *
   * @param auth puts the principal into the context, or refuses
   * @param body reads the body
   */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    String tokens = "/api/v1/waitpoints/tokens";
    String token = tokens + "/:waitpointId";
    router.post(tokens).handler(auth).handler(body).handler(this::create);
    router.get(tokens).handler(auth).handler(this::list);
    router.get(token).handler(auth).handler(this::retrieve);
    router.post(token + "/complete").handler(auth).handler(body).handler(this::complete);
    router.post(token + "/callback").handler(body).handler(this::callback);
  }

  /** Makes a token, or finds the one that its idempotency key stands for. */
  private void create(RoutingContext context) {
    Principal principal = Principal.of(context);
    Authorizer.requireSecretKey(principal);
    NewWaitpoint asked =
        parser.asked(principal.environment(), bodies.optional(context.body().buffer()));
    // The issuer first: once the token is made, nothing must keep its handle from the client.
    mint.issuer(principal.environment())
        .compose(
            issuer ->
                requests
                    .act(
                        Repeats.of(context),
                        transaction ->
                            Waitpoints.create(transaction, asked).map(WaitpointsHandler::answer))
                    .map(answer -> handle(context, issuer, answer)))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static Answer answer(Waitpoints.Created created) {
    JsonObject body =
        new JsonObject()
            .put("id", created.id().value())
            .put("isCached", created.cached())
            .put("callback", created.callback());
    return new Answer(200, body.encode(), null, created.due());
  }

  /** What was made, in the words of who asks now: a repetition may come by another way. */
  private static Answer handle(RoutingContext context, TokenIssuer issuer, Answer answer) {
    JsonObject body = new JsonObject(answer.body());
    WaitpointId id = new WaitpointId(body.getString("id"));
    String callback = (String) body.remove("callback");
    body.put("url", CallbackLinks.of(context).link(id, callback));
    Handles.give(
        context.response(),
        issuer,
        Principal.of(context),
        List.of("write:waitpoints:" + id),
        TOKEN_LIFE);
    return new Answer(answer.status(), body.encode(), answer.position());
  }

  /** A page of tokens, newest first. */
  private void list(RoutingContext context) {
    Principal principal = Principal.of(context);
    Authorizer.requireAny(principal, Authorizer.readWaitpoints());
    WaitpointLists.Query query = parser.list(principal.environment(), context.queryParams());
    CallbackLinks links = CallbackLinks.of(context);
    new WaitpointLists(database)
        .list(query)
        .compose(
            found ->
                waiting(principal, found.items())
                    .map(waiting -> WaitpointView.list(query.page(), found, links, waiting)))
        .onSuccess(body -> Answers.send(context, new Answer(200, body, null)))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** A token, and what it was completed with. */
  private void retrieve(RoutingContext context) {
    Principal principal = Principal.of(context);
    WaitpointId id = id(context);
    Authorizer.requireAny(principal, Authorizer.readWaitpoint(id));
    CallbackLinks links = CallbackLinks.of(context);
    new WaitpointTable(database.autocommit())
        .find(principal.environment(), id)
        .map(found -> found.orElseThrow(WaitpointsHandler::unknown))
        .compose(
            waitpoint ->
                waiting(principal, List.of(waitpoint))
                    .map(waiting -> WaitpointView.one(waitpoint, links, waiting)))
        .onSuccess(body -> Answers.send(context, new Answer(200, body, null)))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** Which runs wait for tokens. It is none of the business of who may read tokens alone. */
  private Future<Map<String, List<String>>> waiting(
      Principal principal, List<Waitpoint> waitpoints) {
    List<String> open =
        waitpoints.stream()
            .filter(waitpoint -> waitpoint.end() == null)
            .map(waitpoint -> waitpoint.id().value())
            .toList();
    return open.isEmpty() || !principal.holdsSecretKey()
        ? Future.succeededFuture(Map.of())
        : new WaitTable(database.autocommit()).waiting(principal.environment(), open);
  }

  /** Completes a token; whoever is first says with what. */
  private void complete(RoutingContext context) {
    Principal principal = Principal.of(context);
    WaitpointId id = id(context);
    Authorizer.requireAny(principal, Authorizer.writeWaitpoint(id));
    @Nullable Output output = parser.data(bodies.optional(context.body().buffer()));
    requests
        .act(
            Repeats.of(context),
            transaction ->
                Waitpoints.complete(transaction, principal.environment(), id, output)
                    .map(completed -> success()))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** Completes a token with all that is posted to its URL. */
  private void callback(RoutingContext context) {
    WaitpointId id = id(context);
    String secret = context.queryParams().get(CallbackLinks.SECRET);
    if (secret == null || !JsonText.isStorable(secret)) {
      throw unknown();
    }
    @Nullable Output output =
        parser.output("The request body", bodies.any(context.body().buffer()));
    requests
        .step(
            transaction -> Waitpoints.call(transaction, id, secret, output),
            called -> clock.instant())
        .onSuccess(called -> Answers.send(context, success()))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private Answer success() {
    return new Answer(200, "{\"success\":true}", null, clock.instant());
  }

  /** The waitpoint that a path names; what can't name any is as unknown as what names none. */
  private static WaitpointId id(RoutingContext context) {
    String id = context.pathParam("waitpointId");
    if (!WaitpointId.accepts(id)) {
      throw unknown();
    }
    return new WaitpointId(id);
  }

  private static ApiException unknown() {
    return ApiException.notFound("There is no waitpoint token of this id in this environment.");
  }
}
