package dev.runcast.http.api.packet;

import dev.runcast.engine.Answer;
import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.auth.TokenMint;
import dev.runcast.json.JsonText;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Database;
import dev.runcast.store.RunReads;
import dev.runcast.store.packet.PacketTable;
import dev.runcast.store.packet.PacketTable.Stored;
import dev.runcast.wire.Packet;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Links to packets, {@code PUT /api/v2/packets/:name}, {@code PUT} and {@code GET
 * /api/v1/packets/:name} and {@code GET /api/v1/runs/:runId/packets/:field}, and the packets
 * themselves behind them.
 */
public final class PacketsHandler {
  private static final int MAX_NAME = 512;
  private static final int MAX_TYPE = 128;
  private static final String ANY_TYPE = "application/octet-stream";

  private final Database database;
  private final RunReads runs;
  private final TokenMint mint;

  public PacketsHandler(Database database, RunReads runs, TokenMint mint) {
    this.database = database;
    this.runs = runs;
    this.mint = mint;
  }

  /** Adds its routes. Names may hold slashes, which older clients send as they are. */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    router.putWithRegex("/api/v[12]/packets/(?<name>.+)").handler(auth).handler(this::upload);
    router.getWithRegex("/api/v1/packets/(?<name>.+)").handler(auth).handler(this::download);
    router
        .getWithRegex("/api/v1/runs/(?<runId>[^/]+)/packets/(?<field>payload|output)")
        .handler(auth)
        .handler(this::ofRun);

    String contents = PacketLinks.PATH + "(?<name>.+)";
    BearerAuth inLink = auth.alsoInQuery();
    router.getWithRegex(contents).handler(inLink).handler(this::read);
    router.putWithRegex(contents).handler(inLink).handler(body).handler(this::write);
  }

  /** Where a packet can be put, and the name by which a run then holds it. */
  private void upload(RoutingContext context) {
    Authorizer.requireSecretKey(Principal.of(context));
    String name = name(context);
    link(
        context,
        (links, body) -> body.put("presignedUrl", links.writing(name)).put("storagePath", name));
  }

  /** Where a packet can be read. */
  private void download(RoutingContext context) {
    Principal principal = Principal.of(context);
    Authorizer.requireSecretKey(principal);
    String name = name(context);
    packets()
        .exists(principal.environment(), name)
        .onSuccess(
            exists -> {
              if (exists) {
                link(context, (links, body) -> body.put("presignedUrl", links.reading(name)));
              } else {
                context.fail(unknown());
              }
            })
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** Where the payload or the output of a run can be read. */
  private void ofRun(RoutingContext context) {
    Principal principal = Principal.of(context);
    String id = context.pathParam("runId");
    String field = context.pathParam("field");
    if (principal.skipColumns().contains(field)) {
      throw new ApiException(
          ApiError.FORBIDDEN, "The access token does not show this column of runs.");
    }
    if (!RunId.accepts(id)) {
      throw noPacket(field);
    }
    runs.family(principal.environment(), new RunId(id))
        .map(family -> stored(principal, family.run(), field))
        .onSuccess(
            name -> link(context, (links, body) -> body.put("presignedUrl", links.reading(name))))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static String stored(Principal principal, @Nullable Run run, String field) {
    if (run == null) {
      throw noPacket(field);
    }
    Authorizer.requireAny(
        principal,
        Authorizer.readRun(run.id(), run.taskIdentifier(), run.tags(), run.links().batch()));
    Run.Contents contents = run.contents();
    boolean payload = field.equals("payload");
    String name = (payload ? contents.payload() : contents.output()).orNull();
    String type = payload ? contents.payloadType() : contents.outputType();
    boolean told = payload || run.status() == RunStatus.COMPLETED_SUCCESSFULLY;
    if (name == null || !told || !Packet.STORE_TYPE.equals(type) || !isName(name)) {
      throw noPacket(field);
    }
    return name;
  }

  private void link(
      RoutingContext context, BiFunction<PacketLinks, JsonObject, JsonObject> writing) {
    mint.issuer(Principal.of(context).environment())
        .map(issuer -> PacketLinks.of(issuer, context.request()))
        .map(links -> writing.apply(links, new JsonObject()))
        .onSuccess(body -> Answers.send(context, new Answer(200, body.encode(), null)))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** A packet, to whoever has a link to read it. */
  private void read(RoutingContext context) {
    Principal principal = Principal.of(context);
    String name = name(context);
    Authorizer.requireAny(principal, List.of(PacketLinks.scope("read", name)));
    packets()
        .find(principal.environment(), name)
        .map(found -> found.orElseThrow(PacketsHandler::unknown))
        .onSuccess(packet -> send(context, packet))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** Its maker chose the type: a browser must take it for data, whatever it says it is. */
  private static void send(RoutingContext context, Stored packet) {
    context
        .response()
        .putHeader("content-type", packet.contentType())
        .putHeader("cache-control", "no-store")
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("content-security-policy", "sandbox; default-src 'none'")
        .putHeader("content-disposition", "attachment")
        .end(packet.contents());
  }

  /** Takes a packet from whoever has a link to put it. */
  private void write(RoutingContext context) {
    Principal principal = Principal.of(context);
    String name = name(context);
    Authorizer.requireAny(principal, List.of(PacketLinks.scope("write", name)));
    Stored packet = new Stored(type(context), body(context));
    packets()
        .put(principal.environment(), name, packet)
        .onSuccess(put -> Answers.send(context, new Answer(200, "{}", null)))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static Buffer body(RoutingContext context) {
    @Nullable Buffer body = context.body().buffer();
    return body == null ? Buffer.buffer() : body;
  }

  /** Forms are taken apart before they get here, so that they could not be kept as they are. */
  private static String type(RoutingContext context) {
    String type = context.request().getHeader("content-type");
    if (type == null || type.isBlank()) {
      return ANY_TYPE;
    }
    String media = type.toLowerCase(Locale.ROOT);
    if (type.length() > MAX_TYPE
        || media.startsWith("multipart/")
        || media.startsWith("application/x-www-form-urlencoded")) {
      throw new ApiException(
          ApiError.UNSUPPORTED_TYPE,
          "A packet must have a content-type of at most %d characters that is no form's."
              .formatted(MAX_TYPE));
    }
    return type;
  }

  private PacketTable packets() {
    return new PacketTable(database.autocommit());
  }

  private static String name(RoutingContext context) {
    String name = context.pathParam("name");
    if (!isName(name)) {
      throw ApiException.badRequest(
          "name",
          "A packet must be named by 1 to %d characters, none of them NUL.".formatted(MAX_NAME));
    }
    return name;
  }

  private static boolean isName(String name) {
    return !name.isBlank() && name.length() <= MAX_NAME && JsonText.isStorable(name);
  }

  private static ApiException unknown() {
    return ApiException.notFound("There is no packet of this name in this environment.");
  }

  private static ApiException noPacket(String field) {
    return ApiException.notFound(
        "There is no run of this id in this environment whose %s is kept apart."
            .formatted(field.equals("payload") ? "payload" : "output"));
  }
}
