package dev.runcast.http.api.packet;

import dev.runcast.http.Origin;
import dev.runcast.tokens.Expiry;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.Scope;
import dev.runcast.tokens.TokenIssuer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/** Links to packets: URLs of this service, as the client that asks for them reaches it. */
public final class PacketLinks {
  static final String PATH = "/api/v1/packet-contents/";

  private static final Duration LIFE_FOR_READING = Duration.ofHours(1);
  private static final Duration LIFE_FOR_WRITING = Duration.ofMinutes(15);

  private final TokenIssuer issuer;
  private final String origin;

  private PacketLinks(TokenIssuer issuer, String origin) {
    this.issuer = issuer;
    this.origin = origin;
  }

  /** Links for whoever has sent this request. */
  public static PacketLinks of(TokenIssuer issuer, HttpServerRequest request) {
    return new PacketLinks(issuer, Origin.of(request));
  }

  /** Where a packet can be read for an hour. */
  public String reading(String name) {
    return link(scope("read", name), name, LIFE_FOR_READING);
  }

  /** Where a packet can be put for a quarter of an hour. */
  String writing(String name) {
    return link(scope("write", name), name, LIFE_FOR_WRITING);
  }

  static Scope scope(String action, String name) {
    return Scope.of(action, "packets", name);
  }

  private String link(Scope scope, String name, Duration life) {
    String token = issuer.issue(new Grants(Set.of(scope)), Expiry.after(life));
    return origin
        + PATH
        + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20")
        + "?access_token="
        + token;
  }
}
