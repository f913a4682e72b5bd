package dev.runcast.http.dev;

import dev.runcast.engine.execution.Bounds;
import dev.runcast.engine.variable.Variables;
import dev.runcast.http.api.Api;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.dev.boot.BootHandler;
import dev.runcast.http.dev.boot.BranchesHandler;
import dev.runcast.http.dev.boot.PersonalAuth;
import dev.runcast.http.dev.boot.ProjectsHandler;
import dev.runcast.http.dev.execution.ExecutionRoutes;
import dev.runcast.http.dev.session.Environs;
import dev.runcast.http.dev.session.SessionRoutes;
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
import java.util.function.Function;

/** The routes of the command line tool, made for one event loop. */
public record DevRoutes(
    BootHandler boot,
    ProjectsHandler own,
    BranchesHandler branches,
    SessionRoutes session,
    ExecutionRoutes executions) {

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
    BranchTable branches = new BranchTable(database);
    Environs environs = new Environs(database, variables, branches);
    BootHandler boot =
        new BootHandler(new ProjectStore(database), new KeyStore(database), backing.reveal());
    return new DevRoutes(
        boot,
        new ProjectsHandler(new PersonalTokens(database)),
        new BranchesHandler(boot, branches, bodies),
        new SessionRoutes(api, bounds, bodies, environs),
        new ExecutionRoutes(api, bounds, bodies, environs, presence));
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
    session.mount(router, auth, body);
    executions.mount(router, auth, body);
  }
}
