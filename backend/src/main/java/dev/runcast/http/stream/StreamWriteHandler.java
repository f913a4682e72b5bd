package dev.runcast.http.stream;

import dev.runcast.engine.RefusedException;
import dev.runcast.engine.stream.StreamWriter;
import dev.runcast.engine.stream.Streams;
import dev.runcast.engine.stream.Streams.Name;
import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.realtime.FeedAccess;
import dev.runcast.json.JsonText;
import dev.runcast.run.RunId;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.store.RowRefusedException;
import dev.runcast.store.stream.StreamTable.Target;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Takes what is written to streams: by tasks, with the secret key, and what is sent in to them. */
public final class StreamWriteHandler {
  private static final String CLIENT_ID = "x-client-id";
  private static final String RESUME_FROM = "x-resume-from-chunk";
  private static final String PART_ID = "x-part-id";
  private static final String REQUEST_KEY = "x-trigger-request-idempotency-key";
  private static final int MAX_ID = 128;

  private final Streams streams;
  private final ChunkText text;
  private final JsonText json;

  public StreamWriteHandler(Streams streams, JsonText json) {
    this.streams = streams;
    this.text = new ChunkText(json);
    this.json = json;
  }

  /** {@code PUT …/:target/:key}: has the run name the stream. */
  public void register(RoutingContext context) {
    streams
        .register(written(context))
        .onSuccess(
            xid -> {
              Answers.putPosition(context, xid.orElse(null));
              answer(context, 202, new JsonObject().put("version", "v1"));
            })
        .onFailure(failure -> fail(context, failure));
  }

  /** {@code POST …/:target/:key}: takes lines for as long as they come. */
  public void ingest(RoutingContext context) {
    Name name = written(context);
    HttpServerRequest request = context.request();
    long firstIndex = firstIndex(request);
    if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
      context.response().writeContinue();
    }
    Future<StreamWriter> opened = streams.open(name, client(request));
    new Ingest(context.vertx(), request, streams, text, opened, firstIndex)
        .read()
        .onSuccess(stored -> answer(context, 200, new JsonObject().put("ok", true)))
        .onFailure(failure -> fail(context, failure));
  }

  /** {@code HEAD …/:target/:key}: tells a writer how far it has come; nameless ones, not at all. */
  public void progress(RoutingContext context) {
    Name name = written(context);
    String client = client(context.request());
    streams
        .lastIndex(name, client)
        .onSuccess(
            last ->
                context
                    .response()
                    .putHeader("x-last-chunk-index", Long.toString(last))
                    .putHeader("cache-control", "no-store")
                    .end())
        .onFailure(failure -> fail(context, failure));
  }

  /** {@code POST …/:target/:key/append}: takes the body, as the text that it is, for one chunk. */
  public void append(RoutingContext context) {
    Buffer body = context.body().buffer();
    String chunk = body == null ? "" : body.toString(StandardCharsets.UTF_8);
    appendOne(context, written(context), id(context.request(), PART_ID), ChunkText.ofText(chunk));
  }

  /** {@code POST …/input/:streamId}: takes {@code data} for one chunk that the task is to read. */
  public void send(RoutingContext context) {
    RunId run = FeedAccess.runId(context.pathParam("runId"));
    Principal principal = Principal.of(context);
    Authorizer.requireAny(principal, Authorizer.writeInputStreams(run));
    StreamKey stream =
        StreamKey.input(principal.environment(), run, key(context.pathParam("streamId")));
    Name name = new Name(principal.environment(), run, Target.SELF, stream.key());
    appendOne(
        context,
        name,
        id(context.request(), REQUEST_KEY),
        InputBody.chunk(json, context.body().buffer()));
  }

  private void appendOne(RoutingContext context, Name name, @Nullable String part, String chunk) {
    streams
        .appendOne(name, part == null ? null : "part/" + part, chunk)
        .onSuccess(
            xid -> {
              Answers.putPosition(context, xid.orElse(null));
              answer(context, 200, new JsonObject().put("ok", true));
            })
        .onFailure(failure -> fail(context, failure));
  }

  private static Name written(RoutingContext context) {
    Principal principal = Principal.of(context);
    Authorizer.requireSecretKey(principal);
    RunId run = FeedAccess.runId(context.pathParam("runId"));
    Target target = Target.valueOf(context.pathParam("target").toUpperCase(Locale.ROOT));
    return new Name(principal.environment(), run, target, key(context.pathParam("key")));
  }

  /** The name of a stream that a path holds. */
  static String key(String text) {
    if (!StreamKey.accepts(text)) {
      throw ApiException.badRequest(
          "key",
          "The name of a stream has 1 to %d characters, none of them control characters, and does"
                  .formatted(StreamKey.MAX_LENGTH)
              + " not begin with '$$'.");
    }
    return text;
  }

  private static @Nullable String client(HttpServerRequest request) {
    String client = id(request, CLIENT_ID);
    return client == null ? null : "client/" + client;
  }

  private static @Nullable String id(HttpServerRequest request, String header) {
    String id = request.getHeader(header);
    if (id == null || id.isBlank()) {
      return null;
    }
    if (id.length() > MAX_ID || !JsonText.isStorable(id)) {
      throw ApiException.badRequest(
          header, "The header %s must have at most %d characters.".formatted(header, MAX_ID));
    }
    return id;
  }

  private static long firstIndex(HttpServerRequest request) {
    String text = request.getHeader(RESUME_FROM);
    if (text == null || text.isBlank()) {
      return 0;
    }
    try {
      long index = Long.parseLong(text.trim());
      if (index >= 0 && index < Integer.MAX_VALUE) {
        return index;
      }
    } catch (NumberFormatException notANumber) {
      // Refused below, like a number that can't be one.
    }
    throw ApiException.badRequest(
        RESUME_FROM, "X-Resume-From-Chunk must be the index of a chunk: a number from 0.");
  }

  private static void answer(RoutingContext context, int status, JsonObject body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json; charset=utf-8")
        .putHeader("cache-control", "no-store")
        .end(body.toBuffer());
  }

  /** These clients take a 400 for what a run that has finished refuses. */
  static void fail(RoutingContext context, Throwable failure) {
    if (failure instanceof RefusedException refused) {
      ApiError error =
          switch (refused.kind()) {
            case UNKNOWN -> ApiError.NOT_FOUND;
            case TOO_LARGE -> ApiError.TOO_LARGE;
            case UNPROCESSABLE, STALE, OUTDATED, LAPSED -> ApiError.BAD_REQUEST;
          };
      context.fail(new ApiException(error, refused.sentence(), refused.field()));
    } else if (failure instanceof RowRefusedException refused) {
      context.fail(new ApiException(ApiError.BAD_REQUEST, refused.sentence()));
    } else {
      context.fail(failure);
    }
  }
}
