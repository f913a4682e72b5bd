package dev.runcast.http.course;

import dev.runcast.engine.Answer;
import dev.runcast.engine.execution.Bounds;
import dev.runcast.engine.execution.Holdup;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.RunView;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.run.RunId;
import dev.runcast.store.execution.Course;
import dev.runcast.store.execution.CourseReads;
import dev.runcast.wire.Columns;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Set;

/** Tells how a run goes: {@code GET /api/v1/runs/:runId/execution}. */
public final class CourseHandler {
  private final CourseReads reads;
  private final Bounds bounds;
  private final InstantSource clock;

  public CourseHandler(CourseReads reads, Bounds bounds, InstantSource clock) {
    this.reads = reads;
    this.bounds = bounds;
    this.clock = clock;
  }

  /** Adds its route. */
  public void mount(Router router, BearerAuth auth) {
    router.get("/api/v1/runs/:runId/execution").handler(auth).handler(this::tell);
  }

  private void tell(RoutingContext context) {
    Principal principal = Principal.of(context);
    String id = context.pathParam("runId");
    if (!RunId.accepts(id)) {
      throw unknown();
    }
    RunId run = new RunId(id);
    reads
        .find(principal.environment(), run)
        .map(found -> found.orElseThrow(CourseHandler::unknown))
        .map(
            course -> {
              requireRead(principal, run, course.subject());
              return new Answer(200, text(principal, course), null);
            })
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static void requireRead(Principal principal, RunId run, Course.Subject subject) {
    Authorizer.requireAny(
        principal, Authorizer.readRun(run, subject.task(), subject.tags(), subject.batch()));
  }

  private String text(Principal principal, Course course) {
    return RunView.object(
        new Columns(Set.copyOf(principal.skipColumns())),
        view -> CourseView.write(view, course, Holdup.of(course, bounds, clock.instant())));
  }

  private static ApiException unknown() {
    return ApiException.notFound("There is no run of this id in this environment.");
  }
}
