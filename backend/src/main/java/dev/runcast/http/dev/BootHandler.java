package dev.runcast.http.dev;

import dev.runcast.engine.Answer;
import dev.runcast.http.ApiException;
import dev.runcast.http.Origin;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.tenant.KeyStore;
import dev.runcast.store.tenant.KeyStore.SealedKey;
import dev.runcast.store.tenant.ProjectStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Function;

/** What the command line tool asks first, with a personal token: who it is, and for which key. */
public final class BootHandler {
  private static final String ENVIRONMENT = "dev";

  private final ProjectStore projects;
  private final KeyStore keys;
  private final Function<SealedKey, String> reveal;

  BootHandler(ProjectStore projects, KeyStore keys, Function<SealedKey, String> reveal) {
    this.projects = projects;
    this.keys = keys;
    this.reveal = reveal;
  }

  void mount(Router router, PersonalAuth personal) {
    router.get("/api/v2/whoami").handler(personal).handler(BootHandler::whoAmI);
    router
        .get("/api/v1/platform-notifications")
        .handler(personal)
        .handler(context -> send(context, new JsonObject().putNull("notification")));
    router.get("/api/v1/projects/:project/dev").handler(personal).handler(this::environment);
  }

  /** There are no accounts: a token stands for whoever has the installation. */
  private static void whoAmI(RoutingContext context) {
    send(
        context,
        new JsonObject()
            .put("userId", "user_runcast")
            .put("email", "owner@runcast.local")
            .put("dashboardUrl", Origin.of(context.request())));
  }

  private void environment(RoutingContext context) {
    String reference = context.pathParam("project");
    String origin = Origin.of(context.request());
    projects
        .named(reference, ENVIRONMENT)
        .compose(
            found ->
                found
                    .map(named -> keyOf(named.environment()).map(key -> told(named, key, origin)))
                    // The tool tells people what to do about exactly this text.
                    .orElseGet(
                        () -> Future.failedFuture(ApiException.notFound("Project not found"))))
        .onSuccess(told -> send(context, told))
        .onFailure(context::fail);
  }

  private static JsonObject told(ProjectStore.Named named, String key, String origin) {
    return new JsonObject()
        .put("apiKey", key)
        .put("name", named.projectName())
        .put("apiUrl", origin)
        .put("projectId", named.project());
  }

  private Future<String> keyOf(EnvironmentId environment) {
    return keys.ofEnvironment(environment).map(BootHandler::current).map(reveal);
  }

  private static SealedKey current(List<SealedKey> keys) {
    return keys.stream()
        .filter(key -> key.validUntil() == null)
        .findFirst()
        .orElseThrow(
            () -> ApiException.notFound("The environment has no secret key in force; rotate it."));
  }

  private static void send(RoutingContext context, JsonObject body) {
    Answers.send(context, new Answer(200, body.encode(), null));
  }
}
