package dev.runcast.http.dev.boot;

import dev.runcast.engine.Answer;
import dev.runcast.http.ApiException;
import dev.runcast.http.Origin;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.tenant.KeyStore;
import dev.runcast.store.tenant.KeyStore.SealedKey;
import dev.runcast.store.tenant.ProjectStore;
import dev.runcast.store.tenant.ProjectStore.Named;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Gives whoever has a personal token the key of an environment that it opens. */
public final class BootHandler {
  private static final String ENVIRONMENT = "dev";

  private final ProjectStore projects;
  private final KeyStore keys;
  private final Function<SealedKey, String> reveal;

  public BootHandler(ProjectStore projects, KeyStore keys, Function<SealedKey, String> reveal) {
    this.projects = projects;
    this.keys = keys;
    this.reveal = reveal;
  }

  /** Adds its routes. */
  public void mount(Router router, PersonalAuth personal) {
    router
        .get("/api/v1/platform-notifications")
        .handler(personal)
        .handler(context -> send(context, new JsonObject().putNull("notification")));
    router.get("/api/v1/projects/:project/dev").handler(personal).handler(this::environment);
  }

  private void environment(RoutingContext context) {
    String reference = context.pathParam("project");
    String origin = Origin.of(context.request());
    named(context, reference)
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

  /** The environment that a path means; fails with a 404 where it means none. */
  Future<EnvironmentId> meant(RoutingContext context) {
    return named(context, context.pathParam("project"))
        .map(
            found ->
                found
                    .map(Named::environment)
                    .orElseThrow(() -> ApiException.notFound("Project not found")));
  }

  /** A token that opens one environment opens it, whatever that is called. */
  private Future<Optional<Named>> named(RoutingContext context, String reference) {
    return PersonalAuth.opens(context)
        .map(
            environment ->
                projects
                    .home(environment)
                    .compose(
                        home ->
                            home.project().equals(reference)
                                ? projects.named(reference, home.environment())
                                : Future.succeededFuture(Optional.<Named>empty())))
        .orElseGet(() -> projects.named(reference, ENVIRONMENT));
  }

  private static JsonObject told(Named named, String key, String origin) {
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
