package dev.runcast.http.dev;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.store.tenant.ProjectStore;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Lets pass requests with a personal token; all others are failed with a 401 that says what is
 * wrong. Whoever holds one may have the key of any environment of the installation.
 */
public final class PersonalAuth implements Handler<RoutingContext> {
  private static final String PREFIX = "tr_pat_";
  private static final int MAX_LENGTH = 512;

  private final BearerAuth bearer;
  private final ProjectStore projects;

  public PersonalAuth(BearerAuth bearer, ProjectStore projects) {
    this.bearer = bearer;
    this.projects = projects;
  }

  @Override
  public void handle(RoutingContext context) {
    @Nullable String credential = bearer.credential(context.request());
    if (credential == null || !credential.startsWith(PREFIX) || credential.length() > MAX_LENGTH) {
      context.fail(refused("This route needs a personal token, which begins with tr_pat_."));
      return;
    }
    projects
        .knowsPersonalToken(Buffer.buffer(sha256(credential)))
        .onSuccess(
            known -> {
              if (known) {
                context.next();
              } else {
                context.fail(refused("The personal token is not one of this server's."));
              }
            })
        .onFailure(context::fail);
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
