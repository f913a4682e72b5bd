package dev.runcast.http.server;

import dev.runcast.engine.execution.Bounds;
import dev.runcast.engine.stream.Traces;
import dev.runcast.engine.variable.Variables;
import dev.runcast.http.api.Api;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.course.CourseHandler;
import dev.runcast.http.queue.QueuesHandler;
import dev.runcast.http.schedule.SchedulesHandler;
import dev.runcast.http.schedule.TimeZonesHandler;
import dev.runcast.http.task.BuildsHandler;
import dev.runcast.http.task.TasksHandler;
import dev.runcast.http.trace.OtlpHandler;
import dev.runcast.http.trace.TraceHandler;
import dev.runcast.http.variable.VariablesHandler;
import dev.runcast.json.JsonText;
import dev.runcast.store.Database;
import dev.runcast.store.RunReads;
import dev.runcast.store.execution.CourseReads;
import dev.runcast.store.stream.StreamPages;
import dev.runcast.store.worker.BuildReads;
import dev.runcast.store.worker.TaskReads;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The handlers of what is kept beside runs, made for one event loop. */
public record Stored(
    QueuesHandler queues,
    VariablesHandler variables,
    SchedulesHandler schedules,
    TimeZonesHandler timeZones,
    OtlpHandler otlp,
    TraceHandler traces,
    TasksHandler tasks,
    BuildsHandler builds,
    CourseHandler courses) {

  /** Makes the handlers. */
  public static Stored create(Api.Backing backing, Variables variables, Bounds bounds) {
    Bodies bodies = new Bodies(new JsonText(backing.limits().depth()));
    Database database = backing.database();
    return new Stored(
        new QueuesHandler(database, backing.requests(), bodies),
        new VariablesHandler(database, backing.requests(), variables, bodies),
        new SchedulesHandler(database, backing.requests(), bodies, backing.clock()),
        new TimeZonesHandler(),
        new OtlpHandler(new Traces(database), bodies),
        new TraceHandler(new RunReads(database), new StreamPages(database), backing.clock()),
        new TasksHandler(new TaskReads(database), backing.clock()),
        new BuildsHandler(new BuildReads(database)),
        new CourseHandler(new CourseReads(database), bounds, backing.clock()));
  }

  /**
   * Adds their routes.
   *
   * @param auth puts the principal into the context, or refuses
   * @param body reads the body
   */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    queues.mount(router, auth, body);
    variables.mount(router, auth, body);
    schedules.mount(router, auth, body);
    timeZones.mount(router);
    otlp.mount(router, auth, body);
    traces.mount(router, auth);
    tasks.mount(router, auth);
    builds.mount(router, auth);
    courses.mount(router, auth);
  }
}
