package dev.runcast.http.api.list;

import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.RunView;
import dev.runcast.http.api.request.Generation;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.run.Run;
import dev.runcast.store.RunLists;
import dev.runcast.store.RunLists.Listed;
import dev.runcast.store.RunQuery;
import dev.runcast.store.RunQuery.Field;
import dev.runcast.tokens.Scope;
import dev.runcast.wire.Columns;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Lists runs: {@code GET /api/v1/runs}. */
public final class RunListHandler {
  private final ListParser parser;
  private final RunLists lists;
  private final Answers answers;

  public RunListHandler(ListParser parser, RunLists lists, Answers answers) {
    this.parser = parser;
    this.lists = lists;
    this.answers = answers;
  }

  /** Adds its route. */
  public void mount(Router router, BearerAuth auth) {
    router.get("/api/v1/runs").handler(auth).handler(this::list);
  }

  /** A page of runs, newest first. */
  private void list(RoutingContext context) {
    Principal principal = Principal.of(context);
    RunQuery query =
        parser.parse(
            principal.environment(), context.queryParams(), Generation.of(context.request()));
    requireRead(principal, query.oneOf().getOrDefault(Field.TASK, Set.of()));
    Columns columns = new Columns(Set.copyOf(principal.skipColumns()));
    lists
        .list(query)
        .map(listed -> sent(context, query, listed, columns))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** Whoever may read some tasks only may list these, and must name them. */
  private static void requireRead(Principal principal, Set<String> tasks) {
    List<Scope> each = tasks.stream().map(task -> Scope.of("read", "tasks", task)).toList();
    if (each.isEmpty() || !principal.grants().allowsAll(each)) {
      Authorizer.requireAny(
          principal, List.of(Scope.of("read", "runs"), Scope.of("read", "tasks")));
    }
  }

  private Listed sent(RoutingContext context, RunQuery query, Listed listed, Columns columns) {
    String body =
        RunView.object(
            columns,
            Generation.of(context.request()),
            view -> {
              view.json().writeArrayFieldStart("data");
              for (Run run : listed.page().items()) {
                item(view, run, listed.environmentName());
              }
              view.json().writeEndArray();
              Paging.write(view.json(), query.page(), listed.page(), listed.passed());
            });
    answers.send(context, body, listed.visibility());
    return listed;
  }

  private static void item(RunView view, Run run, String environmentName) throws IOException {
    view.json().writeStartObject();
    view.common(run);
    view.json().writeObjectFieldStart("env");
    view.json().writeStringField("id", run.environment().value());
    view.json().writeStringField("name", environmentName);
    view.json().writeEndObject();
    view.json().writeEndObject();
  }
}
