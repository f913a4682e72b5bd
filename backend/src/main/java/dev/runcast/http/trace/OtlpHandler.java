package dev.runcast.http.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.engine.Answer;
import dev.runcast.engine.stream.Traces;
import dev.runcast.engine.trace.OtlpReader;
import dev.runcast.engine.trace.OtlpReader.Entries;
import dev.runcast.engine.trace.OtlpReader.Entry;
import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.json.JsonText;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes spans and logs in: {@code POST /otel/v1/traces}, {@code …/logs}, and {@code …/metrics},
 * which are let go. What is of no run, or can't be read, is left out and told as partial success.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#otlphttp">OTLP over HTTP</a>
 */
public final class OtlpHandler {
  private final Traces traces;
  private final Bodies bodies;

  public OtlpHandler(Traces traces, Bodies bodies) {
    this.traces = traces;
    this.bodies = bodies;
  }

  /** Adds its routes. */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    OtlpAccess access = new OtlpAccess(auth);
    router
        .post("/otel/v1/traces")
        .handler(access)
        .handler(body)
        .handler(context -> take(context, OtlpReader::spans, "rejectedSpans"));
    router
        .post("/otel/v1/logs")
        .handler(access)
        .handler(body)
        .handler(context -> take(context, OtlpReader::logs, "rejectedLogRecords"));
    router
        .post("/otel/v1/metrics")
        .handler(access)
        .handler(body)
        .handler(
            context -> {
              OtlpAccess.requireWrite(context);
              requireJson(context.request());
              body(context);
              Answers.send(context, new Answer(200, "{}", null));
            });
  }

  private void take(
      RoutingContext context, Function<JsonNode, Entries> reader, String leftOutName) {
    OtlpAccess.requireWrite(context);
    requireJson(context.request());
    Entries read = reader.apply(body(context));
    EnvironmentId own = Principal.isIn(context) ? Principal.of(context).environment() : null;
    Map<EnvironmentId, Map<RunId, List<String>>> sorted = sorted(read.entries(), own);
    int sent = read.entries().size() + read.leftOut();
    store(sorted)
        .map(stored -> answer(sent - stored, leftOutName))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private JsonNode body(RoutingContext context) {
    JsonNode body = bodies.any(context.body().buffer());
    if (body == null || !body.isObject()) {
      throw ApiException.badRequest("body", "The request needs a body: OTLP, a JSON object.");
    }
    return body;
  }

  private static void requireJson(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    String encoding = request.getHeader("content-encoding");
    if ((type != null && type.toLowerCase(Locale.ROOT).contains("protobuf"))
        || (encoding != null && !encoding.equals("identity"))) {
      throw new ApiException(
          ApiError.UNSUPPORTED_TYPE,
          "OTLP is taken as JSON without compression: set OTEL_EXPORTER_OTLP_PROTOCOL=http/json and"
              + " OTEL_EXPORTER_OTLP_COMPRESSION=none.");
    }
  }

  /** Who shows a credential writes to its environment, whatever the entries say of theirs. */
  private static Map<EnvironmentId, Map<RunId, List<String>>> sorted(
      List<Entry> entries, @Nullable EnvironmentId own) {
    Map<EnvironmentId, Map<RunId, List<String>>> sorted = new HashMap<>();
    for (Entry entry : entries) {
      EnvironmentId environment = own == null ? claimed(entry.environment()) : own;
      if (environment != null) {
        sorted
            .computeIfAbsent(environment, each -> new HashMap<>())
            .computeIfAbsent(entry.run(), run -> new ArrayList<>())
            .add(entry.text());
      }
    }
    return sorted;
  }

  private static @Nullable EnvironmentId claimed(@Nullable String id) {
    return id != null && EnvironmentId.accepts(id) ? new EnvironmentId(id) : null;
  }

  private Future<Integer> store(Map<EnvironmentId, Map<RunId, List<String>>> sorted) {
    Future<Integer> stored = Future.succeededFuture(0);
    for (Map.Entry<EnvironmentId, Map<RunId, List<String>>> each : sorted.entrySet()) {
      stored =
          stored.compose(
              before -> traces.append(each.getKey(), each.getValue()).map(count -> before + count));
    }
    return stored;
  }

  private static Answer answer(int leftOut, String leftOutName) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (leftOut > 0) {
      json.putObject("partialSuccess")
          .put(leftOutName, Integer.toString(leftOut))
          .put(
              "errorMessage",
              "Left out: what can't be read, is of no run that is there (attribute ctx.run.id), or is"
                  + " beyond %d entries of a run.".formatted(Traces.MAX_ENTRIES));
    }
    return new Answer(200, JsonText.print(json), null);
  }
}
