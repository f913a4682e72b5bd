package dev.runcast.http.session;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Principal;
import dev.runcast.store.session.Session;
import dev.runcast.store.session.SessionTable;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * Lets the dashboard's own requests pass for requests with the secret key: they bring the session's
 * cookie, and in a header the word that only this origin's page was told.
 *
 * <p>Three things keep other sites out, each by itself: they can't have the cookie sent, they don't
 * know the word, and browsers say where a request comes from. A page of another port of this host
 * counts as the same site, so the first alone would not do.
 */
public final class Sessions {
  /** Where the word is said. */
  public static final String HEADER = "x-runcast-csrf";

  /** What goes on by itself would outlive the session: feeds take tokens, which end. */
  private static final String MANAGEMENT = "/api/";

  private static final String COMES_FROM = "sec-fetch-site";

  private final SessionTable table;

  public Sessions(SessionTable table) {
    this.table = table;
  }

  /**
   * Who a request to the management API comes from that says a session's word; empty for any other.
   *
   * @return fails with a 401 if there is no such session in force
   */
  public Optional<Future<Principal>> principal(HttpServerRequest request) {
    String said = request.getHeader(HEADER);
    if (said == null || !request.path().startsWith(MANAGEMENT)) {
      return Optional.empty();
    }
    return Optional.of(
        SessionCookie.of(request)
            .filter(token -> token.knowsCsrf(said) && isOwn(request))
            .map(this::principal)
            .orElseGet(() -> Future.failedFuture(over())));
  }

  /**
   * The session that a request of the page is made in: it brings the cookie and says the word.
   *
   * @return fails with a 401 if there is no such session in force
   */
  public Future<InSession> require(HttpServerRequest request) {
    String said = request.getHeader(HEADER);
    return SessionCookie.of(request)
        .filter(token -> said != null && token.knowsCsrf(said) && isOwn(request))
        .map(
            token ->
                table
                    .find(token.digest())
                    .map(found -> found.orElseThrow(Sessions::over))
                    .map(session -> new InSession(session, token.digest())))
        .orElseGet(() -> Future.failedFuture(over()));
  }

  /**
   * A session that a request is made in.
   *
   * @param digest of its token
   */
  public record InSession(Session session, Buffer digest) {}

  private Future<Principal> principal(SessionToken token) {
    return table
        .find(token.digest())
        .map(
            found ->
                found
                    .map(session -> Principal.ofSession(session.environment(), token.digestText()))
                    .orElseThrow(Sessions::over));
  }

  /** Whether it comes from this origin's page, or from something that is no browser. */
  static boolean isOwn(HttpServerRequest request) {
    String from = request.getHeader(COMES_FROM);
    return from == null || from.equals("same-origin");
  }

  static ApiException over() {
    return new ApiException(
        ApiError.UNAUTHORIZED, "You are not signed in, or no longer: sign in again.", "session");
  }
}
