package dev.runcast.http.auth;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.store.tenant.KeyStore.Branch;
import dev.runcast.tokens.KeyRing;
import dev.runcast.tokens.TokenVerifier;
import dev.runcast.tokens.Verification;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets pass requests with a secret key or a public token that is in force, with their {@link
 * Principal} in the context; all others are failed with a 401 that says what is wrong.
 *
 * <p>The credential stands in {@code Authorization: Bearer}. Only where {@link #alsoInQuery} is
 * used may it stand in {@code ?access_token=} instead, since a browser's EventSource can't set
 * headers; such a URL must never be logged.
 */
public final class BearerAuth implements Handler<RoutingContext> {
  private static final String SCHEME = "bearer ";
  private static final int MAX_SECRET_KEY = 512;
  private static final String BRANCH = "x-trigger-branch";

  /** What clients name that mean none. */
  private static final String NO_BRANCH = "default";

  private final KeyCache keys;
  private final TokenVerifier verifier;
  private final Standing standing;
  private final boolean queryToo;
  private final Function<HttpServerRequest, Optional<Future<Principal>>> sessions;

  public BearerAuth(KeyCache keys, TokenVerifier verifier, Standing standing) {
    this(keys, verifier, standing, false, request -> Optional.empty());
  }

  private BearerAuth(
      KeyCache keys,
      TokenVerifier verifier,
      Standing standing,
      boolean queryToo,
      Function<HttpServerRequest, Optional<Future<Principal>>> sessions) {
    this.keys = keys;
    this.verifier = verifier;
    this.standing = standing;
    this.queryToo = queryToo;
    this.sessions = sessions;
  }

  /** The same, for routes that an EventSource opens. */
  public BearerAuth alsoInQuery() {
    return new BearerAuth(keys, verifier, standing, true, sessions);
  }

  /**
   * The same, letting pass who has signed in as well.
   *
   * @param found who a request without a credential is of by its session; empty if it names none
   */
  public BearerAuth orSignedIn(Function<HttpServerRequest, Optional<Future<Principal>>> found) {
    return new BearerAuth(keys, verifier, standing, queryToo, found);
  }

  @Override
  public void handle(RoutingContext context) {
    Future<Principal> principal = authenticate(context.request());
    if (principal.isComplete()) {
      proceed(context, principal);
      return;
    }
    // A body must not arrive before the handler that will read it is in place.
    boolean mayHaveBody = mayHaveBody(context.request());
    if (mayHaveBody) {
      context.request().pause();
    }
    principal.onComplete(
        done -> {
          proceed(context, principal);
          if (mayHaveBody) {
            context.request().resume();
          }
        });
  }

  private static void proceed(RoutingContext context, Future<Principal> principal) {
    if (principal.succeeded()) {
      principal.result().putInto(context);
      context.next();
    } else {
      context.fail(principal.cause());
    }
  }

  private static boolean mayHaveBody(HttpServerRequest request) {
    return !request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD);
  }

  private Future<Principal> authenticate(HttpServerRequest request) {
    String credential = credential(request);
    return credential == null
        ? sessions.apply(request).orElseGet(this::nobody)
        : principal(credential).compose(principal -> atBranch(principal, request));
  }

  /**
   * Who holds the key works at the branch that it names; a token is of one environment. A name that
   * no branch ever had means the environment itself: many clients send one unasked.
   */
  private Future<Principal> atBranch(Principal principal, HttpServerRequest request) {
    String name = request.getHeader(BRANCH);
    if (name == null || name.isBlank() || name.equals(NO_BRANCH) || !principal.holdsSecretKey()) {
      return Future.succeededFuture(principal);
    }
    return keys.branch(principal.environment(), name)
        .map(branch -> branch.map(found -> at(principal, name, found)).orElse(principal));
  }

  private static Principal at(Principal principal, String name, Branch branch) {
    if (branch.archived()) {
      throw new ApiException(
          ApiError.FORBIDDEN,
          "The branch %s is archived: make it anew with trigger.dev dev --branch, or name another."
              .formatted(name),
          BRANCH);
    }
    return principal.at(branch.environment());
  }

  private Future<Principal> nobody() {
    return refused(
        "This route needs a secret key or a public access token: send Authorization: Bearer"
            + (queryToo ? " or ?access_token=." : "."));
  }

  /** Who a secret key or a public token stands for; fails with a 401 that says what is wrong. */
  public Future<Principal> principal(String credential) {
    Future<Principal> known =
        TokenVerifier.hasTokenShape(credential)
            ? authenticateToken(credential)
            : authenticateSecretKey(credential);
    return known.compose(standing::inForce);
  }

  /** What of those who have passed has been taken back since. */
  public Standing standing() {
    return standing;
  }

  /** The credential that a request brings; null for none. */
  public @Nullable String credential(HttpServerRequest request) {
    String header = request.getHeader("authorization");
    String credential =
        header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
            ? header.substring(SCHEME.length()).trim()
            : null;
    if (credential == null && header == null && queryToo) {
      credential = request.getParam("access_token");
    }
    return credential == null || credential.isEmpty() ? null : credential;
  }

  private Future<Principal> authenticateToken(String token) {
    Optional<String> claimed = verifier.claimedEnvironment(token);
    return claimed
        .map(keys::keysOf)
        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
        .compose(found -> verify(token, found));
  }

  private Future<Principal> verify(String token, Optional<KeyCache.Keys> keys) {
    KeyRing ring = KeyRing.lookingUp(environment -> keys.map(KeyCache.Keys::ring));
    Verification verification = verifier.verify(token, ring);
    if (verification instanceof Verification.Valid valid) {
      return Future.succeededFuture(principal(valid, keys.orElseThrow()));
    }
    return refused(((Verification.Rejected) verification).rejection().message());
  }

  private static Principal principal(Verification.Valid valid, KeyCache.Keys keys) {
    KeyCache.Stored key = keys.stored(valid.signedBy());
    return Principal.ofToken(valid.token(), valid.sha256(), key.digest(), key.validUntil());
  }

  private Future<Principal> authenticateSecretKey(String secretKey) {
    if (secretKey.length() > MAX_SECRET_KEY) {
      return refused("The secret key is not one of this server's.");
    }
    byte[] digest = sha256(secretKey);
    String text = HexFormat.of().formatHex(digest);
    return keys.owner(text, Buffer.buffer(digest))
        .compose(
            owner ->
                owner
                    .map(key -> Principal.ofSecretKey(key.environment(), text, key.validUntil()))
                    .map(Future::succeededFuture)
                    .orElseGet(() -> refused("The secret key is not one of this server's.")));
  }

  private static Future<Principal> refused(String sentence) {
    return Future.failedFuture(new ApiException(ApiError.UNAUTHORIZED, sentence));
  }

  private static byte[] sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return digest.digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
