package dev.runcast.http.dev.boot;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.tenant.PersonalTokens;
import dev.runcast.store.tenant.PersonalTokens.PersonalToken;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets pass requests with a personal token; all others are failed with a 401 that says what is
 * wrong. Whoever holds the operator's own may have the key of any environment of the installation;
 * one that was approved by somebody opens what they had signed in to.
 */
public final class PersonalAuth implements Handler<RoutingContext> {
  private static final String PREFIX = "tr_pat_";
  private static final int MAX_LENGTH = 512;
  private static final String OPENS = "personal-token-opens";

  private final BearerAuth bearer;
  private final PersonalTokens tokens;

  public PersonalAuth(BearerAuth bearer, PersonalTokens tokens) {
    this.bearer = bearer;
    this.tokens = tokens;
  }

  @Override
  public void handle(RoutingContext context) {
    @Nullable String credential = bearer.credential(context.request());
    if (credential == null || !credential.startsWith(PREFIX) || credential.length() > MAX_LENGTH) {
      context.fail(refused("This route needs a personal token, which begins with tr_pat_."));
      return;
    }
    // A body must not arrive before the handler that will read it is in place.
    boolean mayHaveBody = !context.request().method().equals(HttpMethod.GET);
    if (mayHaveBody) {
      context.request().pause();
    }
    tokens
        .find(Buffer.buffer(sha256(credential)))
        .onComplete(
            found -> {
              proceed(context, found);
              if (mayHaveBody) {
                context.request().resume();
              }
            });
  }

  private static void proceed(RoutingContext context, AsyncResult<Optional<PersonalToken>> found) {
    if (found.failed()) {
      context.fail(found.cause());
    } else if (found.result().isPresent()) {
      context.put(OPENS, found.result().get());
      context.next();
    } else {
      context.fail(refused("The personal token is not one of this server's."));
    }
  }

  /** The one environment that the token of a request opens; empty when that is all. */
  static Optional<EnvironmentId> opens(RoutingContext context) {
    PersonalToken token = context.get(OPENS);
    if (token == null) {
      throw new IllegalStateException("this route is missing its authentication");
    }
    return Optional.ofNullable(token.environment());
  }

  private static ApiException refused(String sentence) {
    return new ApiException(ApiError.UNAUTHORIZED, sentence);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
