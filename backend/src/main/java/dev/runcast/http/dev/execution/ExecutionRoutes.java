package dev.runcast.http.dev.execution;

import dev.runcast.engine.Runs;
import dev.runcast.engine.execution.Attempts;
import dev.runcast.engine.execution.Bounds;
import dev.runcast.engine.execution.Dequeuing;
import dev.runcast.engine.execution.Disconnection;
import dev.runcast.engine.wait.Waits;
import dev.runcast.http.api.Api;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.dev.session.Environs;
import dev.runcast.http.presence.Presence;
import dev.runcast.store.Database;
import dev.runcast.store.tenant.BranchTable;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.SplittableRandom;

/** The routes of executions, made for one event loop. */
public final class ExecutionRoutes {
  private final DequeueHandler dequeue;
  private final AttemptsHandler attempts;
  private final RunLookHandler look;
  private final WaitsHandler waits;

  public ExecutionRoutes(
      Api.Backing api, Bounds bounds, Bodies bodies, Environs environs, Presence presence) {
    Database database = api.database();
    InstantSource clock = api.clock();
    Runs runs = new Runs(api.limits());
    Dequeuing dequeuing = new Dequeuing(database, bounds, clock);
    this.dequeue = new DequeueHandler(dequeuing, bodies, presence);
    this.attempts =
        new AttemptsHandler(
            api.requests(),
            new Attempts(runs, bounds, clock, new SplittableRandom()),
            new CompletionParser(bodies, api.limits(), clock),
            environs);
    Gone gone = new Gone(api.requests(), new Disconnection(runs), new BranchTable(database), clock);
    this.look = new RunLookHandler(database, gone, bodies, presence);
    this.waits = new WaitsHandler(api.requests(), new Waits(runs), bodies, clock);
  }

  /**
   * Adds the routes.
   *
   * @param auth puts the principal into the context, or refuses
   * @param body reads the body
   */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    dequeue.mount(router, auth, body);
    attempts.mount(router, auth, body);
    look.mount(router, auth, body);
    waits.mount(router, auth, body);
  }
}
