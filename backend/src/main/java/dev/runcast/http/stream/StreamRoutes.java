package dev.runcast.http.stream;

import dev.runcast.engine.stream.Streams;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.run.RunId;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The table of the URLs of streams. */
public final class StreamRoutes {
  private static final String STREAMS = "/realtime/v1/streams/:runId/";
  private static final String WRITTEN =
      "/realtime/v1/streams/(?<runId>[^/]+)/(?<target>self|parent|root)/(?<key>[^/]+)";

  private final Streams streams;
  private final StreamWriteHandler writes;
  private final StreamReadHandler reads;

  public StreamRoutes(Streams streams, StreamWriteHandler writes, StreamReadHandler reads) {
    this.streams = streams;
    this.writes = writes;
    this.reads = reads;
  }

  /**
   * Adds the routes; before those that change runs.
   *
   * @param auth puts the principal into the context, or refuses
   * @param body reads a body
   * @param chunk reads a body that is one chunk
   */
  public void mount(
      Router router, BearerAuth auth, Handler<RoutingContext> body, Handler<RoutingContext> chunk) {
    router.putWithRegex(WRITTEN).handler(auth).handler(writes::register);
    router.postWithRegex(WRITTEN).handler(auth).handler(writes::ingest);
    router.headWithRegex(WRITTEN).handler(auth).handler(writes::progress);
    router.postWithRegex(WRITTEN + "/append").handler(auth).handler(chunk).handler(writes::append);
    router.post(STREAMS + "input/:streamId").handler(auth).handler(chunk).handler(writes::send);
    router.get(STREAMS + "input/:streamId").handler(auth).handler(reads::input);
    router.get(STREAMS + ":key").handler(auth).handler(reads::output);

    // With the body read: it could not wait for what is stored meanwhile.
    router.patch("/api/v1/runs/:runId").handler(auth).handler(body).handler(this::storeFirst);
    router.post("/api/v2/runs/:runId/cancel").handler(auth).handler(body).handler(this::storeFirst);
  }

  /** What came before a run is said to be done is stored before that is. */
  private void storeFirst(RoutingContext context) {
    String run = context.pathParam("runId");
    if (RunId.accepts(run)) {
      streams.flush(new RunId(run)).onComplete(stored -> context.next());
    } else {
      context.next();
    }
  }
}
