package dev.runcast.http.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.engine.Answer;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.NumberedPage;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.json.JsonText;
import dev.runcast.store.worker.BuildReads;
import dev.runcast.store.worker.BuildReads.Build;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Lists the builds that were registered: {@code GET /api/v1/workers}. */
public final class BuildsHandler {
  private final BuildReads reads;

  public BuildsHandler(BuildReads reads) {
    this.reads = reads;
  }

  /** Adds its route. */
  public void mount(Router router, BearerAuth auth) {
    router.get("/api/v1/workers").handler(auth).handler(this::list);
  }

  private void list(RoutingContext context) {
    Principal principal = Principal.of(context);
    Authorizer.requireSecretKey(principal);
    NumberedPage page = NumberedPage.of(context.queryParams());
    reads
        .page(principal.environment(), page.size(), page.offset())
        .map(
            found -> {
              ArrayNode data = JsonNodeFactory.instance.arrayNode();
              found.builds().forEach(build -> data.add(json(build)));
              return new Answer(200, JsonText.print(page.answer(data, found.total())), null);
            })
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static ObjectNode json(Build build) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", build.worker().id())
            .put("version", build.worker().version())
            .put("contentHash", build.worker().contentHash())
            .put("registeredAt", build.registeredAt().toString())
            .put("tasks", build.tasks());
    TaskView.text(json, "sdkVersion", build.tools().sdk());
    TaskView.text(json, "cliVersion", build.tools().cli());
    TaskView.text(json, "runtime", build.tools().runtime());
    if (build.heardAt() != null) {
      json.put("heardAt", build.heardAt().toString());
    }
    return json;
  }
}
