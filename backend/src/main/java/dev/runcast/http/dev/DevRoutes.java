package dev.runcast.http.dev;

import dev.runcast.engine.Runs;
import dev.runcast.engine.execution.Attempts;
import dev.runcast.engine.execution.Bounds;
import dev.runcast.engine.execution.Dequeuing;
import dev.runcast.engine.execution.Disconnection;
import dev.runcast.engine.variable.Variables;
import dev.runcast.engine.wait.Waits;
import dev.runcast.http.api.Api;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.dev.boot.BootHandler;
import dev.runcast.http.dev.boot.BranchesHandler;
import dev.runcast.http.dev.boot.PersonalAuth;
import dev.runcast.http.dev.boot.ProjectsHandler;
import dev.runcast.http.presence.Presence;
import dev.runcast.json.JsonText;
import dev.runcast.store.Database;
import dev.runcast.store.tenant.BranchTable;
import dev.runcast.store.tenant.KeyStore;
import dev.runcast.store.tenant.PersonalTokens;
import dev.runcast.store.tenant.ProjectStore;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.function.Function;

/** The routes of the command line tool, made for one event loop. */
public record DevRoutes(
    BootHandler boot,
    ProjectsHandler own,
    BranchesHandler branches,
    DevSessionHandler session,
    WorkersHandler workers,
    DequeueHandler dequeue,
    AttemptsHandler attempts,
    RunLookHandler look,
    WaitsHandler waits) {

  /**
   * What executing tasks takes beside the management API.
   *
   * @param reveal the secret key that a sealed one is
   */
  public record Backing(Bounds bounds, Function<KeyStore.SealedKey, String> reveal) {}

  /** Makes the handlers. */
  public static DevRoutes create(
      Api.Backing api, Variables variables, Backing backing, Presence presence) {
    Database database = api.database();
    Bodies bodies = new Bodies(new JsonText(api.limits().depth()));
    Bounds bounds = backing.bounds();
    Runs runs = new Runs(api.limits());
    InstantSource clock = api.clock();
    ProjectStore projects = new ProjectStore(database);
    BranchTable branches = new BranchTable(database);
    Environs environs = new Environs(database, variables, branches);
    BootHandler boot = new BootHandler(projects, new KeyStore(database), backing.reveal());
    return new DevRoutes(
        boot,
        new ProjectsHandler(new PersonalTokens(database)),
        new BranchesHandler(boot, branches, bodies),
        new DevSessionHandler(bounds, projects, environs),
        new WorkersHandler(api.requests(), bodies, projects, clock),
        new DequeueHandler(new Dequeuing(database, bounds, clock), bodies, projects, presence),
        new AttemptsHandler(
            api.requests(),
            new Attempts(runs, bounds, clock, new SplittableRandom()),
            new CompletionParser(bodies, api.limits(), clock),
            environs),
        new RunLookHandler(
            database,
            new Gone(api.requests(), new Disconnection(runs), branches, clock),
            bodies,
            presence),
        new WaitsHandler(api.requests(), new Waits(runs), bodies, clock));
  }

  /**
   * Adds the routes.
   *
   * @param auth puts the principal into the context, or refuses
   * @param body reads the body
   */
  public void mount(
      Router router, BearerAuth auth, PersonalAuth personal, Handler<RoutingContext> body) {
    boot.mount(router, personal);
    own.mount(router, personal);
    branches.mount(router, personal, body);
    session.mount(router, auth);
    workers.mount(router, auth, body);
    dequeue.mount(router, auth, body);
    attempts.mount(router, auth, body);
    look.mount(router, auth, body);
    waits.mount(router, auth, body);
  }
}
