package dev.runcast.http.api;

import dev.runcast.engine.Ids;
import dev.runcast.engine.Limits;
import dev.runcast.engine.Requests;
import dev.runcast.engine.Runs;
import dev.runcast.engine.Triggers;
import dev.runcast.engine.batch.BatchItems;
import dev.runcast.engine.claim.Claims;
import dev.runcast.engine.execution.LeaseEnd;
import dev.runcast.engine.wait.BatchParents;
import dev.runcast.engine.wait.Parents;
import dev.runcast.engine.wait.Waits;
import dev.runcast.http.AfterPosition;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.batch.BatchCallHandler;
import dev.runcast.http.api.batch.BatchItemsHandler;
import dev.runcast.http.api.batch.BatchesHandler;
import dev.runcast.http.api.list.ListParser;
import dev.runcast.http.api.list.RunListHandler;
import dev.runcast.http.api.packet.PacketsHandler;
import dev.runcast.http.api.request.BatchParser;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.ReplayParser;
import dev.runcast.http.api.request.TriggerParser;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.TokenMint;
import dev.runcast.json.JsonText;
import dev.runcast.run.place.Cursor;
import dev.runcast.store.BatchReads;
import dev.runcast.store.Database;
import dev.runcast.store.RunLists;
import dev.runcast.store.RunReads;
import dev.runcast.store.RunResults;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** The management API of runs, batches and packets, made for one event loop. */
public record Api(List<Part> parts) {
  private static final int OPTIONS_BYTES = 64 * 1024;

  /**
   * What the event loops have in common.
   *
   * @param requestTimeout how long a client may send nothing of a streamed body
   */
  public record Backing(
      Database database,
      Requests requests,
      Limits limits,
      InstantSource clock,
      Duration requestTimeout) {
    private static final Duration USUAL = Duration.ofSeconds(75);

    /** With the usual time for each request. */
    public Backing(Database database, Requests requests, Limits limits, InstantSource clock) {
      this(database, requests, limits, clock, USUAL);
    }
  }

  /** A handler with the routes that lead to it. */
  @FunctionalInterface
  public interface Part {
    /** Adds the routes. */
    void mount(Router router, BearerAuth auth, Handler<RoutingContext> body);
  }

  /**
   * Makes the handlers.
   *
   * @param newest the newest horizon that came back through the stream to this event loop, as a
   *     cursor
   * @param after has those wait who read what they wrote
   */
  public static Api create(
      Backing backing, TokenMint mint, Supplier<Optional<Cursor>> newest, AfterPosition after) {
    Bodies bodies = new Bodies(new JsonText(backing.limits().depth()));
    TriggerParser orders = new TriggerParser(backing.limits(), backing.clock(), Ids::run);
    Shared shared = new Shared(bodies, orders, new Answers(newest), mint, after);
    List<Part> parts = new ArrayList<>(shared.runs(backing));
    parts.addAll(shared.batches(backing));
    parts.add(
        new PacketsHandler(backing.database(), new RunReads(backing.database()), mint)::mount);
    return new Api(List.copyOf(parts));
  }

  /** How workers of any kind claim runs, and go on with them. */
  public static Claims claims(Backing backing) {
    Runs runs = new Runs(backing.limits());
    LeaseEnd leases = new LeaseEnd(runs, backing.clock(), new SplittableRandom());
    return new Claims(backing.database(), backing.requests(), runs, leases, backing.clock());
  }

  /** What handlers share. */
  private record Shared(
      Bodies bodies, TriggerParser orders, Answers answers, TokenMint mint, AfterPosition after) {

    List<Part> runs(Backing backing) {
      Requests requests = backing.requests();
      RunReads reads = new RunReads(backing.database());
      RunsHandler runs = new RunsHandler(reads, answers, mint, after);
      Triggers triggers = new Triggers(backing.clock());
      return List.of(
          new TriggerHandler(bodies, orders, requests, triggers, parents(backing), mint)::mount,
          new ReplayHandler(bodies, new ReplayParser(orders), reads, requests, triggers)::mount,
          (router, auth, body) -> runs.mount(router, auth),
          (router, auth, body) -> lists(backing).mount(router, auth),
          new RunChangesHandler(backing, bodies, runs)::mount,
          new IdempotencyKeysHandler(bodies, requests)::mount,
          (router, auth, body) ->
              new ResultsHandler(new RunResults(backing.database())).mount(router, auth));
    }

    private static Parents parents(Backing backing) {
      return new Parents(waits(backing), backing.clock());
    }

    private static Waits waits(Backing backing) {
      return new Waits(new Runs(backing.limits()));
    }

    private RunListHandler lists(Backing backing) {
      return new RunListHandler(
          new ListParser(backing.clock()), new RunLists(backing.database()), answers);
    }

    List<Part> batches(Backing backing) {
      Requests requests = backing.requests();
      BatchParser batches = new BatchParser(backing.limits(), orders, backing.clock());
      BatchItems items = new BatchItems(new Triggers(backing.clock()));
      BatchItemsHandler.Bounds bounds =
          new BatchItemsHandler.Bounds(lineBytes(backing.limits()), backing.requestTimeout());
      BatchParents parents = new BatchParents(parents(backing), waits(backing), backing.clock());
      BatchReads reads = new BatchReads(backing.database());
      return List.of(
          new BatchesHandler(bodies, batches, requests, reads, answers, parents, mint)::mount,
          (router, auth, body) ->
              new BatchItemsHandler(bodies, batches, requests, items, parents, bounds)
                  .mount(router, auth),
          new BatchCallHandler(bodies, batches, requests, items, parents, mint)::mount);
    }
  }

  /** Payload and metadata at their limits, half of whose characters are escaped, and options. */
  private static int lineBytes(Limits limits) {
    long bytes = 2L * (limits.payloadBytes() + limits.metadataBytes()) + OPTIONS_BYTES;
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  /**
   * Adds the routes of the management API.
   *
   * @param auth puts the principal into the context, or refuses
   * @param body reads the body
   */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    parts.forEach(part -> part.mount(router, auth, body));
  }
}
