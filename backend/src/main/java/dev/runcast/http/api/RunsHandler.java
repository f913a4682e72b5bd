package dev.runcast.http.api;

import dev.runcast.http.AfterPosition;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.RunView;
import dev.runcast.http.api.packet.PacketLinks;
import dev.runcast.http.api.request.Generation;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.auth.TokenMint;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.store.RunReads;
import dev.runcast.store.RunReads.Family;
import dev.runcast.wire.Columns;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.function.BiConsumer;

/** Reads runs: {@code GET /api/v3/runs/:runId} and {@code GET /api/v1/runs/:runId/metadata}. */
public final class RunsHandler {
  private final RunReads reads;
  private final Answers answers;
  private final TokenMint mint;
  private final AfterPosition after;

  RunsHandler(RunReads reads, Answers answers, TokenMint mint, AfterPosition after) {
    this.reads = reads;
    this.answers = answers;
    this.mint = mint;
    this.after = after;
  }

  /** Adds its routes. */
  public void mount(Router router, BearerAuth auth) {
    router.get("/api/v3/runs/:runId").handler(auth).handler(after::handle).handler(this::retrieve);
    router.get("/api/v1/runs/:runId/metadata").handler(auth).handler(this::metadata);
  }

  /** One run, with those next to it. */
  private void retrieve(RoutingContext context) {
    Principal principal = Principal.of(context);
    read(
        context,
        (run, family) -> {
          requireRead(principal, run);
          send(context, run, family);
        });
  }

  /** Answers with a run whose reading was already allowed. */
  void sendAfresh(RoutingContext context) {
    read(context, (run, family) -> send(context, run, family));
  }

  private void send(RoutingContext context, Run run, Family family) {
    mint.issuer(run.environment())
        .onSuccess(issuer -> send(context, run, family, PacketLinks.of(issuer, context.request())))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private void send(RoutingContext context, Run run, Family family, PacketLinks links) {
    Columns columns = new Columns(Set.copyOf(Principal.of(context).skipColumns()));
    context.response().putHeader("etag", Answers.etag(run.version()));
    String body =
        RunView.object(
            columns,
            Generation.of(context.request()),
            view -> view.whole(run, family, links::reading));
    answers.send(context, body, family.visibility());
  }

  /** The metadata of a run; an empty object when it has none. */
  private void metadata(RoutingContext context) {
    Authorizer.requireSecretKey(Principal.of(context));
    read(
        context,
        (run, family) ->
            answers.send(
                context,
                RunView.object(Columns.ALL, view -> view.metadataOrEmpty(run)),
                family.visibility()));
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
                throw unknown(id);
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

  static ApiException unknown(RunId id) {
    return ApiException.notFound("There is no run " + id.value() + " in this environment.");
  }
}
