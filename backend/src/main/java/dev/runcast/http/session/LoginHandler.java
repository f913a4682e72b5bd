package dev.runcast.http.session;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.Origin;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.json.JsonText;
import dev.runcast.store.login.LoginRequest;
import dev.runcast.store.login.LoginTable;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a command line tool is let in by somebody who has signed in to the dashboard. It asks at
 * {@code /api/v1/authorization-code}, and is given a secret and the address of a page, where {@link
 * ApprovalsHandler} lets people answer; with the secret it asks again and again at {@code
 * /api/v1/token}. Only digests are stored.
 */
public final class LoginHandler {
  /** How long it may take until somebody has answered; the tool itself knows of no longer time. */
  static final Duration LIFE = Duration.ofMinutes(10);

  private static final int SHALLOW = 8;
  private static final int MAX_SECRET = 128;
  private static final int SHOWN = 4;
  private static final String PREFIX = "tr_pat_";

  /** None of them is taken for another, and they make no words. */
  private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

  private static final int CODE_LETTERS = 8;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final LoginTable table;
  private final SignInLimits limits;
  private final Bodies bodies = new Bodies(new JsonText(SHALLOW));

  /**
   * @param limits of its own: how often one address may ask, or name a secret that is none
   */
  public LoginHandler(LoginTable table, SignInLimits limits) {
    this.table = table;
    this.limits = limits;
  }

  /** Adds its routes. */
  public void mount(Router router, Handler<RoutingContext> body) {
    router.post("/api/v1/authorization-code").handler(body).handler(this::ask);
    router.post("/api/v1/token").handler(body).handler(this::token);
  }

  private void ask(RoutingContext context) {
    HttpServerRequest request = context.request();
    bodies.optional(context.body().buffer());
    String address = limits.source(request);
    limits.requireOneMore(context, address);
    SessionToken secret = SessionToken.random();
    String code = code();
    table
        .ask(secret.digest(), code, address, LIFE)
        .onSuccess(
            asked -> {
              if (asked) {
                ObjectNode answer = JsonNodeFactory.instance.objectNode();
                answer.put("url", Origin.of(request) + "/approve/" + code);
                answer.put("authorizationCode", secret.text());
                send(context, answer);
              } else {
                context.fail(
                    new ApiException(
                        ApiError.TOO_MANY, "Too many ask to be let in; try again in a minute."));
              }
            })
        .onFailure(context::fail);
  }

  private void token(RoutingContext context) {
    String said = bodies.required(context.body().buffer()).text("authorizationCode", MAX_SECRET);
    SessionToken secret = SessionToken.parse(said).orElseThrow(LoginHandler::unknown);
    String address = limits.source(context.request());
    limits.requireOneMore(context, address);
    String token = PREFIX + SessionToken.random().text();
    table
        .letIn(secret.digest(), Buffer.buffer(SessionToken.sha256(token)))
        .compose(in -> in ? Future.succeededFuture(answer(token)) : waiting(secret))
        .onComplete(done -> count(address, done.cause()))
        .onSuccess(answer -> send(context, answer))
        .onFailure(context::fail);
  }

  /** A database that is away is nobody's failure. */
  private void count(@Nullable String address, @Nullable Throwable failure) {
    if (!(failure instanceof ApiException)) {
      limits.forget(address);
    }
  }

  /** Whoever knows a secret may ask as often as it likes. */
  private Future<ObjectNode> waiting(SessionToken secret) {
    return table
        .ofSecret(secret.digest())
        .map(found -> found.orElseThrow(LoginHandler::unknown))
        .map(
            request -> {
              requireNotRefused(request);
              return answer(null);
            });
  }

  private static void requireNotRefused(LoginRequest request) {
    if (Boolean.FALSE.equals(request.approved())) {
      throw ApiException.badRequest("authorizationCode", "Signing in was refused.");
    }
  }

  private static ObjectNode answer(@Nullable String token) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    if (token == null) {
      answer.putNull("token");
    } else {
      String hidden =
          token.substring(0, PREFIX.length() + SHOWN)
              + "********"
              + token.substring(token.length() - SHOWN);
      answer.putObject("token").put("token", token).put("obfuscatedToken", hidden);
    }
    return answer;
  }

  private static void send(RoutingContext context, ObjectNode answer) {
    context
        .response()
        .putHeader("content-type", "application/json; charset=utf-8")
        .putHeader("cache-control", "no-store")
        .end(JsonText.print(answer));
  }

  private static ApiException unknown() {
    return ApiException.badRequest(
        "authorizationCode",
        "This is no authorization code, or it is over, or was used: log in again.");
  }

  private static String code() {
    StringBuilder code = new StringBuilder(CODE_LETTERS + 1);
    for (int i = 0; i < CODE_LETTERS; i++) {
      code.append(i == CODE_LETTERS / 2 ? "-" : "");
      code.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return code.toString();
  }
}
