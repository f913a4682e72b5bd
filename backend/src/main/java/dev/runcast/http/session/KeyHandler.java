package dev.runcast.http.session;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.http.session.Sessions.InSession;
import dev.runcast.json.JsonText;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.function.Function;

/**
 * {@code POST /api/v1/dashboard/key}: gives the environment a new secret key, for who has signed in
 * to it. The answer is the only place where the key is told.
 */
public final class KeyHandler {
  /** Where it is. */
  public static final String PATH = "/api/v1/dashboard/key";

  private final Sessions sessions;
  private final Function<InSession, Future<NewKey>> rotate;

  /**
   * A new key.
   *
   * @param secretKey a credential, never to be logged
   * @param previousUntil when those before it end
   */
  public record NewKey(String secretKey, Instant previousUntil) {
    @Override
    public String toString() {
      return "NewKey[hidden, previousUntil=" + previousUntil + "]";
    }
  }

  /**
   * @param rotate makes a new key the current one, and has the session go on under it
   */
  public KeyHandler(Sessions sessions, Function<InSession, Future<NewKey>> rotate) {
    this.sessions = sessions;
    this.rotate = rotate;
  }

  /** Adds its route. */
  public void mount(Router router) {
    router.post(PATH).handler(this::rotate);
  }

  private void rotate(RoutingContext context) {
    sessions
        .require(context.request())
        .compose(rotate)
        .onSuccess(key -> answer(context, key))
        .onFailure(context::fail);
  }

  private static void answer(RoutingContext context, NewKey key) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("secretKey", key.secretKey());
    answer.put("previousUntil", key.previousUntil().toString());
    context
        .response()
        .putHeader("content-type", "application/json; charset=utf-8")
        .putHeader("cache-control", "no-store")
        .end(JsonText.print(answer));
  }
}
