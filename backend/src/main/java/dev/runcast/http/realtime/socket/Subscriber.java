package dev.runcast.http.realtime.socket;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.ErrorHandler;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.realtime.FeedAccess;
import dev.runcast.http.realtime.FeedRequest;
import dev.runcast.http.realtime.FeedUrl;
import dev.runcast.json.JsonText;
import dev.runcast.subscribe.Limits;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Columns;
import dev.runcast.wire.WebSocketFraming;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the commands of one socket's client and keeps its subscriptions by their names. Each
 * is let in on its own; one that is refused leaves the others as they are. Confined to the socket's
 * event loop.
 */
final class Subscriber {
  static final int MOST_SUBSCRIPTIONS = 1_000;
  private static final int MOST_UNDER_WAY = 32;

  private final Socket socket;
  private final SocketFeeds feeds;
  private final Map<String, SocketSink> subscriptions = new HashMap<>();

  /** Who it is for subscriptions without a token of their own; null for nobody. */
  private @Nullable Principal principal;

  private int underWay;

  Subscriber(Socket socket, SocketFeeds feeds, @Nullable Principal principal) {
    this.socket = socket;
    this.feeds = feeds;
    this.principal = principal;
  }

  /** Whether so much is under way that no more commands should be read. */
  boolean isBusy() {
    return underWay >= MOST_UNDER_WAY;
  }

  /** Takes a message. Never throws. */
  void take(String text) {
    try {
      ClientCommand command = CommandParser.parse(text);
      if (command instanceof ClientCommand.Subscribe subscribe) {
        subscribe(subscribe);
      } else if (command instanceof ClientCommand.Unsubscribe unsubscribe) {
        unsubscribe(unsubscribe.subscription());
      } else if (command instanceof ClientCommand.Renew renew) {
        renew(renew);
      }
    } catch (ApiException refused) {
      tellRefusal(CommandParser.nameIn(text), refused);
    }
  }

  private void subscribe(ClientCommand.Subscribe command) {
    String name = command.subscription();
    if (subscriptions.containsKey(name)) {
      throw ApiException.badRequest(
          "subscription",
          "subscription is the name of one that is open on this socket; unsubscribe it first, or"
              + " take another name.");
    }
    if (subscriptions.size() >= MOST_SUBSCRIPTIONS) {
      throw new ApiException(
          ApiError.TOO_MANY,
          "A socket holds at most %d subscriptions; unsubscribe some, or open another socket."
              .formatted(MOST_SUBSCRIPTIONS),
          "subscription");
    }
    FeedUrl url = FeedUrl.parse(command.feed());
    SocketSink sink = new SocketSink(socket, command, beginning(name));
    subscriptions.put(name, sink);
    Future<Void> opened =
        who(command.token())
            .compose(
                who ->
                    url.admit(feeds.admission(), who, command.after())
                        .map(feed -> open(sink, feed, who)));
    answerLater(opened, name, sink);
  }

  private @Nullable Void open(SocketSink sink, FeedRequest feed, Principal who) {
    if (!sink.isClosed()) {
      sink.admitted(feed, lease(who));
      sink.serve(feeds.flow().open(feed.subscribe(), sink));
    }
    return null;
  }

  private void unsubscribe(String name) {
    SocketSink sink = subscriptions.get(name);
    if (sink != null) {
      sink.end(CloseCode.UNSUBSCRIBED);
    } else {
      // It may have ended by itself just now: the client is told the same either way.
      byte[] end = feeds.loop().end(CloseCode.UNSUBSCRIBED).json(Columns.ALL);
      socket.send(WebSocketFraming.message(beginning(name), "end", end, null));
    }
  }

  private void renew(ClientCommand.Renew command) {
    String name = command.subscription();
    SocketSink sink = name == null ? null : subscriptions.get(name);
    if (name != null && sink == null) {
      throw ApiException.notFound(
          "There is no subscription of this name on this socket; subscribe anew.");
    }
    Future<Principal> known = feeds.auth().principal(command.token());
    answerLater(
        sink == null ? known.map(this::renewAll) : known.compose(who -> renew(sink, who)),
        name,
        null);
  }

  private @Nullable Void renewAll(Principal who) {
    principal = who;
    for (SocketSink sink : List.copyOf(subscriptions.values())) {
      if (sink.command().token() == null) {
        answerLater(renew(sink, who), sink.command().subscription(), null);
      }
    }
    return null;
  }

  private Future<Void> renew(SocketSink sink, Principal who) {
    ClientCommand.Subscribe command = sink.command();
    return Future.succeededFuture()
        .compose(
            now -> FeedUrl.parse(command.feed()).admit(feeds.admission(), who, command.after()))
        .map(feed -> takeOver(sink, feed, who));
  }

  private @Nullable Void takeOver(SocketSink sink, FeedRequest feed, Principal who) {
    if (sink.isClosed()) {
      return null;
    }
    if (!sink.isOf(feed)) {
      throw new ApiException(
          ApiError.FORBIDDEN,
          "This token is of another environment or shows other columns; subscribe anew with it.",
          "token");
    }
    feeds.auth().standing().requireNotRevoked(who);
    sink.renewed(who.bearer(), lease(who));
    Instant until = who.expiresAt();
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("expiresAt", until == null ? null : until.toString());
    socket.send(WebSocketFraming.message(sink.beginning(), "renewed", bytes(data), null));
    return null;
  }

  private Future<Principal> who(@Nullable String token) {
    if (token != null) {
      return feeds.auth().principal(token);
    }
    Principal own = principal;
    if (own == null) {
      return unauthorized("Send a token with the subscription, or open the socket with one.");
    }
    Instant until = own.expiresAt();
    return until != null && until.toEpochMilli() <= feeds.loop().now()
        ? unauthorized("The token that the socket was opened with has expired; renew it.")
        : feeds.auth().standing().inForce(own);
  }

  private static Future<Principal> unauthorized(String sentence) {
    return Future.failedFuture(new ApiException(ApiError.UNAUTHORIZED, sentence, "token"));
  }

  private Limits.Lease lease(Principal who) {
    return feeds
        .limits()
        .take(who.environment(), who.holdsSecretKey() ? null : who.digest())
        .orElseThrow(() -> FeedAccess.tooMany(feeds.limits()));
  }

  /**
   * Tells a refusal once it is known.
   *
   * @param opening what ends by it; null when it only leaves things as they are
   */
  private void answerLater(
      Future<Void> answer, @Nullable String name, @Nullable SocketSink opening) {
    underWay++;
    answer.onComplete(
        done -> {
          underWay--;
          if (done.failed() && (opening == null || !opening.isClosed())) {
            if (opening != null) {
              opening.gone();
            }
            tellRefusal(name, ErrorHandler.forClient(done.cause(), "a command on a socket"));
          }
          if (!socket.isClosed()) {
            socket.readOnlyWhileAnswersAreTaken();
          }
        });
  }

  private void tellRefusal(@Nullable String name, ApiException refused) {
    ApiError error = refused.error();
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("error", refused.sentence())
        .put("code", error.code())
        .put("type", error.type())
        .put("status", error.status())
        .put("retryable", error.isRetryable());
    if (refused.param() != null) {
      data.put("param", refused.param());
    }
    byte[] beginning = name == null ? WebSocketFraming.beginning() : beginning(name);
    socket.send(WebSocketFraming.message(beginning, "error", bytes(data), null));
  }

  private static byte[] beginning(String name) {
    return WebSocketFraming.beginning(JsonText.print(JsonText.text(name)));
  }

  private static byte[] bytes(ObjectNode data) {
    return JsonText.print(data).getBytes(StandardCharsets.UTF_8);
  }

  /** Once in a round: whose token ends. */
  void watchEnds(long now) {
    List.copyOf(subscriptions.values()).forEach(sink -> sink.watchEnd(now));
  }

  /** The name is free again. */
  void forget(SocketSink sink) {
    subscriptions.remove(sink.command().subscription(), sink);
  }

  /** The connection is over. */
  void gone() {
    List.copyOf(subscriptions.values()).forEach(SocketSink::gone);
  }
}
