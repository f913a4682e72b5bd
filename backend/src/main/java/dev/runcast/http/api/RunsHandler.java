package dev.runcast.http.api;

import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.Principal;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.store.RunReads;
import dev.runcast.store.RunReads.Family;
import dev.runcast.wire.Columns;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.function.BiConsumer;

/** Reads runs: {@code GET /api/v3/runs/:runId} and {@code GET /api/v1/runs/:runId/metadata}. */
public final class RunsHandler {
  private final RunReads reads;
  private final Answers answers;

  RunsHandler(RunReads reads, Answers answers) {
    this.reads = reads;
    this.answers = answers;
  }

  /** One run, with those next to it. */
  public void retrieve(RoutingContext context) {
    Principal principal = Principal.of(context);
    read(
        context,
        (run, family) -> {
          requireRead(principal, run);
          context.response().putHeader("etag", Answers.etag(run.version()));
          answers.send(context, whole(principal, run, family), family.visibility());
        });
  }

  /** The metadata of a run; an empty object when it has none. */
  public void metadata(RoutingContext context) {
    Authorizer.requireSecretKey(Principal.of(context));
    read(
        context,
        (run, family) ->
            answers.send(
                context,
                RunView.object(Columns.ALL, view -> view.metadataOrEmpty(run)),
                family.visibility()));
  }

  private static String whole(Principal principal, Run run, Family family) {
    Columns columns = new Columns(Set.copyOf(principal.skipColumns()));
    return RunView.object(columns, view -> view.whole(run, family));
  }

  private static void requireRead(Principal principal, Run run) {
    Authorizer.requireAny(
        principal,
        Authorizer.readRun(run.id(), run.taskIdentifier(), run.tags(), run.links().batch()));
  }

  private void read(RoutingContext context, BiConsumer<Run, Family> then) {
    RunId id = id(context);
    reads
        .family(Principal.of(context).environment(), id)
        .map(
            family -> {
              Run run = family.run();
              if (run == null) {
                throw unknown(id.value());
              }
              then.accept(run, family);
              return run;
            })
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** The run that a path names; what can't name any is as unknown as what names none. */
  static RunId id(RoutingContext context) {
    String id = context.pathParam("runId");
    if (!RunId.accepts(id)) {
      throw ApiException.notFound("There is no run of this id in this environment.");
    }
    return new RunId(id);
  }

  private static ApiException unknown(String id) {
    return ApiException.notFound("There is no run " + id + " in this environment.");
  }
}
