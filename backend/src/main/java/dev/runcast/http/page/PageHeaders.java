package dev.runcast.http.page;

import io.vertx.core.http.HttpServerResponse;

/**
 * What a browser may do with the page: run scripts of this origin alone, apply styles of this
 * origin or that carry the response's nonce (what the components put into the document), talk to
 * this origin, and be framed by nobody. {@code Strict-Transport-Security} is not among them:
 * whether a host name is for TLS alone is for whoever owns it to say.
 *
 * @see <a href="https://www.w3.org/TR/CSP3/">Content Security Policy</a>
 */
final class PageHeaders {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-%s'; img-src 'self' data:;"
          + " font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  /** So that no style at all passes where no page needs one. */
  private static final String NO_STYLES = "none";

  private PageHeaders() {}

  /** For the document, whose styles carry this nonce. */
  static void document(HttpServerResponse response, String nonce) {
    common(response, nonce);
    // Its name never changes, what it names does; and the nonce is for one response.
    response.putHeader("cache-control", "no-store");
  }

  /**
   * For code or styles, whose name changes with their contents. They obey the policy of the
   * document that loads them, so that they are told none of their own: a page loads dozens.
   */
  static void hashedCode(HttpServerResponse response) {
    forThisOrigin(response);
    response.putHeader("cache-control", "public, max-age=31536000, immutable");
  }

  /** For any other file. */
  static void file(HttpServerResponse response) {
    common(response, NO_STYLES);
    response.putHeader("cache-control", "no-cache");
  }

  private static void common(HttpServerResponse response, String nonce) {
    forThisOrigin(response)
        .putHeader("content-security-policy", POLICY.formatted(nonce))
        .putHeader("x-frame-options", "DENY")
        .putHeader("referrer-policy", "no-referrer")
        .putHeader("cross-origin-opener-policy", "same-origin")
        .putHeader("permissions-policy", "camera=(), microphone=(), geolocation=()");
  }

  private static HttpServerResponse forThisOrigin(HttpServerResponse response) {
    // Unlike the API, the page is for no other origin.
    response.headers().remove("access-control-allow-origin");
    response.headers().remove("access-control-expose-headers");
    return response
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("cross-origin-resource-policy", "same-origin");
  }
}
