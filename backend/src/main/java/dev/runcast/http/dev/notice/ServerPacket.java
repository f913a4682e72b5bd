package dev.runcast.http.dev.notice;

import dev.runcast.run.RunId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The messages that clients are sent. Pure. */
final class ServerPacket {
  /** Asks whether it lives. */
  static final String PING = "2";

  private ServerPacket() {}

  /** Begins a connection. */
  static String open(String session, long pingEveryMillis, long patienceMillis, int mostBytes) {
    return "0"
        + new JsonObject()
            .put("sid", session)
            .put("upgrades", new JsonArray())
            .put("pingInterval", pingEveryMillis)
            .put("pingTimeout", patienceMillis)
            .put("maxPayload", mostBytes)
            .encode();
  }

  /** Lets into a namespace. */
  static String connected(String namespace, String session) {
    return "40" + namespace + "," + new JsonObject().put("sid", session).encode();
  }

  /** Does not let into a namespace. */
  static String refused(String namespace, String sentence) {
    String place = namespace.equals("/") ? "" : namespace + ",";
    return "44" + place + new JsonObject().put("message", sentence).encode();
  }

  /** A run has changed. */
  static String changed(String namespace, RunId run) {
    JsonObject notice =
        new JsonObject()
            .put("version", "1")
            .put("run", new JsonObject().put("friendlyId", run.value()));
    return "42" + namespace + "," + new JsonArray().add("run:notify").add(notice).encode();
  }
}
