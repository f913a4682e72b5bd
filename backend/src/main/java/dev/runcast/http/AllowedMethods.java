package dev.runcast.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The methods that a path takes, read from the router itself: what a client is told that has used
 * another.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6">RFC 9110, 405</a>
 */
record AllowedMethods(Router router) {
  private static final Pattern PARAMETER = Pattern.compile("(?<=/):[A-Za-z0-9_]+");

  /** As the header {@code Allow} has them. Every path answers a preflight. */
  String of(String path) {
    Set<String> methods = new TreeSet<>(Set.of(HttpMethod.OPTIONS.name()));
    for (Route route : router.getRoutes()) {
      Set<HttpMethod> taken = route.methods();
      // Of a route by a regular expression, that is its name.
      String form = route.getPath() == null ? route.getName() : route.getPath();
      if (taken != null && form != null && path.matches(pattern(form))) {
        taken.forEach(method -> methods.add(method.name()));
      }
    }
    return String.join(", ", methods);
  }

  /** Routes of ours name parameters either way, as {@code :name} or as a group. */
  private static String pattern(String form) {
    return PARAMETER.matcher(form).replaceAll("[^/]+") + "/?";
  }
}
