package dev.runcast.http.dev.session;

import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Principal;
import dev.runcast.store.tenant.ProjectStore;
import dev.runcast.store.tenant.ProjectStore.Home;
import io.vertx.core.Future;

/** Paths that name a project: it must be that of the secret key. */
final class OwnProject {
  private OwnProject() {}

  /**
   * Where the key belongs; fails when the path names another project, whether there is one or not.
   */
  static Future<Home> require(ProjectStore projects, Principal principal, String named) {
    return projects
        .home(principal.environment())
        .map(
            home -> {
              if (!home.project().equals(named)) {
                throw ApiException.notFound(
                    "Project not found: this secret key is that of project %s and of no other."
                        .formatted(home.project()));
              }
              return home;
            });
  }
}
