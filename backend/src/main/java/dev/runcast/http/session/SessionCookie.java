package dev.runcast.http.session;

import dev.runcast.http.Origin;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The cookie that a session's token is in. No script reads it, no other site has it sent, and what
 * was set over TLS is sent over nothing else.
 *
 * <p>Cookies know no ports, so its name does: two services on one machine would sign each other
 * out.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6265#section-8.5">RFC 6265, weak
 *     confidentiality</a>
 */
final class SessionCookie {
  private static final Pattern PORT = Pattern.compile(":([0-9]{1,5})$");

  private SessionCookie() {}

  /** The token that a request brings. */
  static Optional<SessionToken> of(HttpServerRequest request) {
    Cookie cookie = request.getCookie(name(request));
    return SessionToken.parse(cookie == null ? null : cookie.getValue());
  }

  static void set(HttpServerRequest request, SessionToken token, Duration life) {
    put(request, token.text(), life.toSeconds());
  }

  /** Has the browser forget it. */
  static void clear(HttpServerRequest request) {
    put(request, "", 0);
  }

  private static void put(HttpServerRequest request, String value, long maxAge) {
    HttpServerResponse response = request.response();
    response.addCookie(
        Cookie.cookie(name(request), value)
            .setPath("/")
            .setHttpOnly(true)
            .setSameSite(CookieSameSite.STRICT)
            .setSecure(isSecure(request))
            .setMaxAge(maxAge));
  }

  private static boolean isSecure(HttpServerRequest request) {
    return Origin.of(request).startsWith("https:");
  }

  /** The prefix has browsers refuse such a cookie from anybody but this very host, over TLS. */
  private static String name(HttpServerRequest request) {
    Matcher port = PORT.matcher(Origin.of(request));
    return (isSecure(request) ? "__Host-" : "")
        + "runcast_session"
        + (port.find() ? "_" + port.group(1) : "");
  }
}
