package dev.runcast.http.dev.boot;

import dev.runcast.engine.Answer;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.tenant.BranchTable;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Branches of an environment, for who works at something of their own: {@code
 * /api/v1/projects/:project/branches}. Who has the key and names one is in it.
 */
public final class BranchesHandler {
  private static final int MAX_NAME = 100;
  private static final String NONE = "default";

  /** As Git has them. */
  private static final Pattern NAME =
      Pattern.compile("(?!/|.*(//|\\.\\.|@\\{|\\.lock$|/$))[!-~&&[^~^:?*\\[\\\\]]{1,100}");

  private final BootHandler boot;
  private final BranchTable branches;
  private final Bodies bodies;

  /**
   * @param boot knows which environment is meant
   */
  public BranchesHandler(BootHandler boot, BranchTable branches, Bodies bodies) {
    this.boot = boot;
    this.branches = branches;
    this.bodies = bodies;
  }

  /** Adds its routes. */
  public void mount(Router router, PersonalAuth personal, Handler<RoutingContext> body) {
    String path = "/api/v1/projects/:project/branches";
    router.get(path).handler(personal).handler(this::list);
    router.post(path).handler(personal).handler(body).handler(this::make);
    router.post(path + "/archive").handler(personal).handler(body).handler(this::archive);
  }

  private void list(RoutingContext context) {
    boot.meant(context)
        .compose(branches::of)
        .onSuccess(
            found -> {
              JsonArray all = new JsonArray();
              found.forEach(branch -> all.add(json(branch)));
              send(context, new JsonObject().put("branches", all));
            })
        .onFailure(context::fail);
  }

  private static JsonObject json(BranchTable.Branch branch) {
    return new JsonObject()
        .put("id", branch.environment().value())
        .put("name", branch.name())
        .put("createdAt", branch.createdAt().toString())
        .put("updatedAt", branch.createdAt().toString())
        .put("isPaused", false);
  }

  private void make(RoutingContext context) {
    JsonFields fields = bodies.required(context.body().buffer());
    String name = name(fields.text("branch", MAX_NAME));
    if ("preview".equals(fields.text("env", MAX_NAME))) {
      throw ApiException.unprocessable(
          "env", "Only the development environment has branches: env must be development.");
    }
    boot.meant(context)
        .compose(of -> name.equals(NONE) ? Future.succeededFuture(of) : make(of, name))
        .onSuccess(made -> send(context, new JsonObject().put("id", made.value())))
        .onFailure(context::fail);
  }

  private Future<EnvironmentId> make(EnvironmentId of, String name) {
    return branches
        .make(of, name)
        .map(
            made ->
                made.orElseThrow(
                    () ->
                        ApiException.unprocessable(
                            "branch", "The environment has as many branches as it may have.")));
  }

  /** Whichever kind of branch is meant: there is one. */
  private void archive(RoutingContext context) {
    String name = name(bodies.required(context.body().buffer()).text("branch", MAX_NAME));
    boot.meant(context)
        .compose(of -> branches.archive(of, name))
        .map(
            archived ->
                archived.orElseThrow(
                    () -> ApiException.notFound("There is no branch " + name + " to archive.")))
        .onSuccess(
            archived ->
                send(
                    context,
                    new JsonObject().put("branch", new JsonObject().put("id", archived.value()))))
        .onFailure(context::fail);
  }

  private static String name(@Nullable String given) {
    if (given == null || !NAME.matcher(given).matches()) {
      throw ApiException.badRequest(
          "branch", "branch must be the name of a branch as Git has them, of at most 100 letters.");
    }
    return given;
  }

  private static void send(RoutingContext context, JsonObject body) {
    Answers.send(context, new Answer(200, body.encode(), null));
  }
}
