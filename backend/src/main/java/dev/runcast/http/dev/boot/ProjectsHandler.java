package dev.runcast.http.dev.boot;

import dev.runcast.engine.Answer;
import dev.runcast.http.ApiException;
import dev.runcast.http.Origin;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.store.tenant.PersonalTokens;
import dev.runcast.store.tenant.PersonalTokens.Project;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who has a personal token, and the projects that it opens something of. */
public final class ProjectsHandler {
  private static final String TITLE = "Runcast";

  private final PersonalTokens tokens;

  public ProjectsHandler(PersonalTokens tokens) {
    this.tokens = tokens;
  }

  /** Adds its routes. */
  public void mount(Router router, PersonalAuth personal) {
    router.get("/api/v2/whoami").handler(personal).handler(this::whoAmI);
    router.get("/api/v1/projects").handler(personal).handler(this::list);
    router.get("/api/v1/projects/:project").handler(personal).handler(this::look);
    router.post("/api/v1/projects/:project/init").handler(personal).handler(this::begun);
    router
        .get("/api/v1/orgs")
        .handler(personal)
        .handler(
            context -> Answers.send(context, answer(new JsonArray().add(organization()).encode())));
  }

  /** There are no accounts: a token stands for whoever has the installation, or a part of it. */
  private void whoAmI(RoutingContext context) {
    String origin = Origin.of(context.request());
    JsonObject told =
        new JsonObject()
            .put("userId", "user_runcast")
            .put("email", "owner@runcast.local")
            .put("dashboardUrl", origin);
    @Nullable String named = context.request().getParam("projectRef");
    if (named == null) {
      Answers.send(context, answer(told.encode()));
      return;
    }
    find(context, named)
        .onSuccess(
            found -> {
              found.forEach(
                  project ->
                      told.put(
                          "project",
                          new JsonObject()
                              .put("name", project.name())
                              .put("url", origin)
                              .put("orgTitle", TITLE)));
              Answers.send(context, answer(told.encode()));
            })
        .onFailure(context::fail);
  }

  private void list(RoutingContext context) {
    find(context, null)
        .onSuccess(
            found -> {
              JsonArray all = new JsonArray();
              found.forEach(project -> all.add(json(project)));
              Answers.send(context, answer(all.encode()));
            })
        .onFailure(context::fail);
  }

  private void look(RoutingContext context) {
    one(context)
        .onSuccess(project -> Answers.send(context, answer(json(project).encode())))
        .onFailure(context::fail);
  }

  /** The tool tells that it has set a project up; there is nothing to be noted. */
  private void begun(RoutingContext context) {
    one(context)
        .onSuccess(
            project ->
                Answers.send(
                    context,
                    answer(
                        new JsonObject()
                            .put("id", project.id())
                            .put("initializedAt", Instant.now().toString())
                            .encode())))
        .onFailure(context::fail);
  }

  private Future<Project> one(RoutingContext context) {
    return find(context, context.pathParam("project"))
        .map(
            found ->
                found.stream()
                    .findFirst()
                    .orElseThrow(() -> ApiException.notFound("Project not found")));
  }

  private Future<List<Project>> find(RoutingContext context, @Nullable String reference) {
    return tokens.projects(PersonalAuth.opens(context).orElse(null), reference);
  }

  private static JsonObject json(Project project) {
    return new JsonObject()
        .put("id", project.id())
        .put("externalRef", project.reference())
        .put("name", project.name())
        .put("slug", project.reference())
        .put("createdAt", project.createdAt().toString())
        .put("organization", organization());
  }

  /** There is one: whose installation this is. */
  private static JsonObject organization() {
    return new JsonObject()
        .put("id", "org_runcast")
        .put("title", TITLE)
        .put("slug", "runcast")
        .put("createdAt", Instant.EPOCH.toString());
  }

  private static Answer answer(String body) {
    return new Answer(200, body, null);
  }
}
