package dev.runcast.http.session;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.json.JsonText;
import dev.runcast.store.login.LoginRequest;
import dev.runcast.store.login.LoginTable;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows who has signed in which command line tool asks to be let in, and takes the answer: {@code
 * /api/v1/dashboard/approvals/:code}. The tool is then let in to the session's environment, and to
 * nothing else.
 */
public final class ApprovalsHandler {
  private static final Logger log = LoggerFactory.getLogger(ApprovalsHandler.class);
  private static final String PATH = "/api/v1/dashboard/approvals/:code";
  private static final int SHALLOW = 8;

  private final Sessions sessions;
  private final LoginTable table;
  private final Bodies bodies = new Bodies(new JsonText(SHALLOW));

  public ApprovalsHandler(Sessions sessions, LoginTable table) {
    this.sessions = sessions;
    this.table = table;
  }

  /** Adds its routes. */
  public void mount(Router router, Handler<RoutingContext> body) {
    router.get(PATH).handler(this::look);
    router.post(PATH).handler(body).handler(this::answer);
  }

  private void look(RoutingContext context) {
    String code = context.pathParam("code");
    sessions
        .require(context.request())
        .compose(in -> find(code))
        .onSuccess(request -> send(context, request))
        .onFailure(context::fail);
  }

  private void answer(RoutingContext context) {
    String code = context.pathParam("code");
    JsonFields body = bodies.required(context.body().buffer());
    if (body.value("approve") == null) {
      throw ApiException.badRequest("approve", "approve is missing; it must be true or false.");
    }
    boolean approved = body.flag("approve");
    sessions
        .require(context.request())
        .compose(
            in ->
                table
                    .answer(code, approved, in.digest())
                    .onSuccess(
                        answered ->
                            log.info(
                                "login answered environment={} approved={} counts={}",
                                in.session().environment().value(),
                                approved,
                                answered)))
        .compose(answered -> find(code).map(request -> requireSaid(request, approved)))
        .onSuccess(request -> send(context, request))
        .onFailure(context::fail);
  }

  private Future<LoginRequest> find(String code) {
    return table
        .find(code)
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        ApiException.notFound(
                            "Nobody asks to be let in by this code, or no longer.")));
  }

  /** Who answers is told when somebody else was faster. */
  private static LoginRequest requireSaid(LoginRequest request, boolean approved) {
    if (!Boolean.valueOf(approved).equals(request.approved())) {
      throw ApiException.unprocessable("approve", "It has been answered otherwise already.");
    }
    return request;
  }

  private static void send(RoutingContext context, LoginRequest request) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("code", request.code());
    if (request.address() != null) {
      answer.put("address", request.address());
    }
    answer.put("askedAt", request.askedAt().toString());
    answer.put("expiresAt", request.expiresAt().toString());
    if (request.approved() != null) {
      answer.put("approved", request.approved());
    }
    context
        .response()
        .putHeader("content-type", "application/json; charset=utf-8")
        .putHeader("cache-control", "no-store")
        .end(JsonText.print(answer));
  }
}
