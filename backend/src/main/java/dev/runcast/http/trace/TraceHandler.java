package dev.runcast.http.trace;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.runcast.engine.Answer;
import dev.runcast.engine.trace.Trace;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.realtime.FeedAccess;
import dev.runcast.json.JsonText;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamPage;
import dev.runcast.run.stream.StreamSegment;
import dev.runcast.store.RunReads;
import dev.runcast.store.stream.StreamPages;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives back what was traced of a run: {@code GET /api/v1/runs/:runId/events} as it was stored, a
 * page at a time, and {@code …/trace} as a tree, in the form that clients of the official SDK take.
 */
public final class TraceHandler {
  /** Of the stored text, beyond which a tree is cut. */
  private static final int MAX_TREE_CHARS = 4 << 20;

  private final RunReads reads;
  private final StreamPages pages;
  private final InstantSource clock;

  public TraceHandler(RunReads reads, StreamPages pages, InstantSource clock) {
    this.reads = reads;
    this.pages = pages;
    this.clock = clock;
  }

  /** Adds its routes. */
  public void mount(Router router, BearerAuth auth) {
    router.get("/api/v1/runs/:runId/events").handler(auth).handler(this::events);
    router.get("/api/v1/runs/:runId/trace").handler(auth).handler(this::tree);
  }

  private void events(RoutingContext context) {
    StreamKey stream = stream(context);
    long after = after(context.queryParams().get("after"));
    run(stream)
        .compose(run -> pages.page(stream, after))
        .map(page -> events(page, after))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static Answer events(StreamPage page, long after) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode events = json.putArray("events");
    long next = after;
    for (StreamSegment segment : page.segments()) {
      long seq = segment.firstSeq();
      for (String text : texts(segment)) {
        if (seq >= after) {
          events.addRawValue(new RawValue(text));
        }
        seq++;
      }
      next = Math.max(next, seq);
    }
    if (!page.complete()) {
      json.put("next", Long.toString(next));
    }
    return new Answer(200, JsonText.print(json), null);
  }

  private static long after(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    if (!text.matches("[0-9]{1,15}")) {
      throw ApiException.badRequest("after", "after must be the next of the page before.");
    }
    return Long.parseLong(text);
  }

  private void tree(RoutingContext context) {
    StreamKey stream = stream(context);
    run(stream)
        .compose(
            run ->
                texts(stream, 0, new Texts(new ArrayList<>(), 0, false))
                    .compose(
                        texts -> context.vertx().executeBlocking(() -> tree(run, texts), false)))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /**
   * What was read of a trace.
   *
   * @param cut whether there is more than a tree may hold
   */
  private record Texts(List<String> all, long chars, boolean cut) {}

  private Future<Texts> texts(StreamKey stream, long from, Texts before) {
    return pages
        .page(stream, from)
        .compose(
            page -> {
              long chars = before.chars;
              long next = from;
              for (StreamSegment segment : page.segments()) {
                before.all.addAll(texts(segment));
                chars += segment.chunks().length();
                next = segment.nextSeq();
              }
              boolean full = chars > MAX_TREE_CHARS;
              Texts texts = new Texts(before.all, chars, full && !page.complete());
              return page.complete() || full
                  ? Future.succeededFuture(texts)
                  : texts(stream, next, texts);
            });
  }

  private static List<String> texts(StreamSegment segment) {
    return segment.count() == 0 ? List.of() : List.of(segment.chunks().split("\n", -1));
  }

  private Answer tree(Run run, Texts texts) {
    Trace trace = new Trace(run.id());
    texts.all.forEach(trace::take);
    ObjectNode json = new TraceView(run, clock.instant()).json(trace);
    if (texts.cut) {
      json.put("truncated", true);
    }
    return new Answer(200, JsonText.print(json), null);
  }

  private static StreamKey stream(RoutingContext context) {
    RunId run = FeedAccess.runId(context.pathParam("runId"));
    Principal principal = Principal.of(context);
    Authorizer.requireAny(principal, Authorizer.readTrace(run));
    return StreamKey.trace(principal.environment(), run);
  }

  private Future<Run> run(StreamKey stream) {
    return reads
        .family(stream.environment(), stream.run())
        .map(
            family -> {
              Run run = family.run();
              if (run == null) {
                throw ApiException.notFound("There is no run of this id in this environment.");
              }
              return run;
            });
  }
}
