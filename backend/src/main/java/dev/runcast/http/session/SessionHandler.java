package dev.runcast.http.session;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.json.JsonText;
import dev.runcast.store.session.Session;
import dev.runcast.store.session.SessionTable;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Signs in, tells who is signed in, and signs out: {@code /api/v1/dashboard/session}. */
public final class SessionHandler {
  /** Where it is. */
  public static final String PATH = "/api/v1/dashboard/session";

  private static final int SHALLOW = 8;
  private static final int MAX_KEY = 512;

  /** What any secret key is like; what is not is a mistake, and no try at guessing one. */
  private static final Pattern KEY = Pattern.compile("[0-9A-Za-z_-]{16,512}");

  private final SessionTable table;
  private final SignInLimits limits;
  private final Bodies bodies = new Bodies(new JsonText(SHALLOW));

  public SessionHandler(SessionTable table, SignInLimits limits) {
    this.table = table;
    this.limits = limits;
  }

  /** Adds its routes. */
  public void mount(Router router, Handler<RoutingContext> body) {
    router.post(PATH).handler(body).handler(this::open);
    router.get(PATH).handler(this::look);
    router.delete(PATH).handler(this::end);
  }

  private void open(RoutingContext context) {
    HttpServerRequest request = context.request();
    requireOwn(request);
    String key = bodies.required(context.body().buffer()).text("secretKey", MAX_KEY);
    if (key == null || !KEY.matcher(key).matches()) {
      throw ApiException.badRequest(
          "secretKey", "secretKey must be a secret key, such as tr_dev_ and letters and digits.");
    }
    String address = limits.source(request);
    limits.requireOneMore(context, address);
    SessionToken token = SessionToken.random();
    table
        .open(token.digest(), Buffer.buffer(SessionToken.sha256(key)))
        .map(opened -> opened.orElseThrow(SessionHandler::noSuchKey))
        .onComplete(opened -> count(address, opened))
        .onSuccess(session -> opened(context, token, session))
        .onFailure(context::fail);
  }

  /** A database that is away is nobody's failure to sign in. */
  private void count(@Nullable String address, AsyncResult<Session> opened) {
    if (!(opened.cause() instanceof ApiException)) {
      limits.forget(address);
    }
  }

  private void opened(RoutingContext context, SessionToken token, Session session) {
    SessionCookie.set(context.request(), token, table.lengths().life());
    answer(context, token, session);
  }

  private static ApiException noSuchKey() {
    return new ApiException(
        ApiError.UNAUTHORIZED,
        "The secret key is not one that is in force on this server.",
        "secretKey");
  }

  private void look(RoutingContext context) {
    SessionToken token = own(context.request());
    table
        .find(token.digest())
        .map(found -> found.orElseThrow(Sessions::over))
        .onSuccess(session -> answer(context, token, session))
        .onFailure(context::fail);
  }

  /** Whoever has the cookie may end it, but not by way of another site. */
  private void end(RoutingContext context) {
    HttpServerRequest request = context.request();
    SessionToken token = own(request);
    String said = request.getHeader(Sessions.HEADER);
    if (said == null || !token.knowsCsrf(said)) {
      throw Sessions.over();
    }
    table
        .end(token.digest())
        .onSuccess(
            ended -> {
              SessionCookie.clear(request);
              context.response().setStatusCode(204).end();
            })
        .onFailure(context::fail);
  }

  private static SessionToken own(HttpServerRequest request) {
    requireOwn(request);
    return SessionCookie.of(request).orElseThrow(Sessions::over);
  }

  private static void requireOwn(HttpServerRequest request) {
    if (!Sessions.isOwn(request)) {
      throw new ApiException(
          ApiError.FORBIDDEN, "Only the dashboard's own page may do this.", "sec-fetch-site");
    }
  }

  private static void answer(RoutingContext context, SessionToken token, Session session) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("csrf", token.csrf());
    answer.put("endsAt", session.endsAt().toString());
    answer.putObject("project").put("ref", session.project()).put("name", session.projectName());
    answer
        .putObject("environment")
        .put("id", session.environment().value())
        .put("slug", session.slug());
    context
        .response()
        .putHeader("content-type", "application/json; charset=utf-8")
        .putHeader("cache-control", "no-store")
        .end(JsonText.print(answer));
  }
}
