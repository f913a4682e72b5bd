package dev.runcast.http.dev.session;

import dev.runcast.engine.execution.Bounds;
import dev.runcast.http.api.Api;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.store.tenant.ProjectStore;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The routes of a session of the tool, made for one event loop. */
public final class SessionRoutes {
  private final DevSessionHandler session;
  private final WorkersHandler workers;

  public SessionRoutes(Api.Backing api, Bounds bounds, Bodies bodies, Environs environs) {
    ProjectStore projects = new ProjectStore(api.database());
    this.session = new DevSessionHandler(bounds, projects, environs);
    this.workers = new WorkersHandler(api.requests(), bodies, projects, api.clock());
  }

  /**
   * Adds the routes.
   *
   * @param auth puts the principal into the context, or refuses
   * @param body reads the body
   */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    session.mount(router, auth);
    workers.mount(router, auth, body);
  }
}
