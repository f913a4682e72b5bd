package dev.runcast.http.dev.notice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.json.JsonText;
import dev.runcast.json.UnreadableJsonException;
import dev.runcast.run.RunId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of a client: a packet of Engine.IO 4, which holds one of Socket.IO 5. Pure.
 *
 * @param namespace that it is about; empty when it is about the connection
 * @param token that it brings; null for none
 * @param runs that it names
 * @see <a href="https://socket.io/docs/v4/socket-io-protocol/">The Socket.IO protocol</a>
 */
record ClientPacket(Kind kind, String namespace, @Nullable String token, List<RunId> runs) {
  private static final JsonText JSON = new JsonText(8);
  private static final String ROOT = "/";

  /** What it is. */
  enum Kind {
    /** It lives. */
    PONG,
    /** It closes the connection. */
    CLOSE,
    /** It wants to be let into a namespace. */
    CONNECT,
    /** It leaves a namespace. */
    DISCONNECT,
    /** It wants to hear of some runs. */
    SUBSCRIBE,
    /** It wants to hear no more of some runs. */
    UNSUBSCRIBE,
    /** Something that is of no concern here. */
    OTHER,
    /** What can't be read. */
    MALFORMED
  }

  private static final ClientPacket MALFORMED = of(Kind.MALFORMED, "");

  ClientPacket {
    runs = List.copyOf(runs);
  }

  private static ClientPacket of(Kind kind, String namespace) {
    return new ClientPacket(kind, namespace, null, List.of());
  }

  static ClientPacket parse(String text) {
    if (text.isEmpty()) {
      return MALFORMED;
    }
    return switch (text.charAt(0)) {
      case '1' -> text.length() == 1 ? of(Kind.CLOSE, "") : MALFORMED;
      case '3' -> text.length() == 1 ? of(Kind.PONG, "") : MALFORMED;
      case '4' -> text.length() == 1 ? MALFORMED : message(text);
      default -> MALFORMED;
    };
  }

  /** Its type, its namespace unless that is the root, the number of its answer, its contents. */
  private static ClientPacket message(String text) {
    int at = 2;
    String namespace = ROOT;
    if (text.startsWith(ROOT, at)) {
      int comma = text.indexOf(',', at);
      namespace = text.substring(at, comma < 0 ? text.length() : comma);
      at = comma < 0 ? text.length() : comma + 1;
    }
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    try {
      JsonNode contents = at == text.length() ? null : JSON.read(text.substring(at));
      return switch (text.charAt(1)) {
        case '0' -> connect(namespace, contents);
        case '1' -> contents == null ? of(Kind.DISCONNECT, namespace) : MALFORMED;
        case '2' -> contents == null ? MALFORMED : event(namespace, contents);
        default -> MALFORMED;
      };
    } catch (UnreadableJsonException unreadable) {
      return MALFORMED;
    }
  }

  private static ClientPacket connect(String namespace, @Nullable JsonNode contents) {
    if (contents == null) {
      return of(Kind.CONNECT, namespace);
    }
    JsonNode token = contents.path("token");
    return contents.isObject() && (token.isMissingNode() || token.isTextual())
        ? new ClientPacket(Kind.CONNECT, namespace, token.textValue(), List.of())
        : MALFORMED;
  }

  private static ClientPacket event(String namespace, JsonNode contents) {
    if (!contents.isArray() || !contents.path(0).isTextual()) {
      return MALFORMED;
    }
    return switch (contents.path(0).textValue()) {
      case "run:subscribe" -> runs(Kind.SUBSCRIBE, namespace, contents.path(1));
      case "run:unsubscribe" -> runs(Kind.UNSUBSCRIBE, namespace, contents.path(1));
      default -> of(Kind.OTHER, namespace);
    };
  }

  private static ClientPacket runs(Kind kind, String namespace, JsonNode message) {
    JsonNode named = message.path("runFriendlyIds");
    if (!named.isArray()) {
      return MALFORMED;
    }
    List<RunId> runs = new ArrayList<>(named.size());
    for (JsonNode id : named) {
      if (!id.isTextual() || !RunId.accepts(id.textValue())) {
        return MALFORMED;
      }
      runs.add(new RunId(id.textValue()));
    }
    return new ClientPacket(kind, namespace, null, runs);
  }
}
