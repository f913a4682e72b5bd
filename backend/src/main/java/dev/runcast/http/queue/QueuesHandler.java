package dev.runcast.http.queue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.runcast.engine.Answer;
import dev.runcast.engine.Requests;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.NumberedPage;
import dev.runcast.http.api.answer.Repeats;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.json.JsonText;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Database;
import dev.runcast.store.queue.Queue;
import dev.runcast.store.queue.QueueTable;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Lists, tells and changes queues: {@code /api/v1/queues}. */
public final class QueuesHandler {
  private static final int MAX_LIMIT = 100_000;
  private static final int MAX_WORD = 32;

  private final Database database;
  private final Requests requests;
  private final Bodies bodies;

  public QueuesHandler(Database database, Requests requests, Bodies bodies) {
    this.database = database;
    this.requests = requests;
    this.bodies = bodies;
  }

  /** What is done to a queue. */
  @FunctionalInterface
  private interface Change {
    Future<Void> of(QueueTable table, EnvironmentId environment, String id);
  }

  /** Adds the routes of queues. */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    String one = "/api/v1/queues/:queue";
    router.get("/api/v1/queues").handler(auth).handler(this::list);
    router.get(one).handler(auth).handler(this::retrieve);
    router.get(one + "/keys").handler(auth).handler(this::keys);
    router.post(one + "/pause").handler(auth).handler(body).handler(this::pause);
    router.post(one + "/concurrency/override").handler(auth).handler(body).handler(this::override);
    router.post(one + "/concurrency/reset").handler(auth).handler(body).handler(this::reset);
  }

  private void list(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    NumberedPage page = NumberedPage.of(context.queryParams());
    new QueueTable(database.autocommit())
        .page(environment, page.size(), page.offset())
        .map(
            found -> {
              ArrayNode data = JsonNodeFactory.instance.arrayNode();
              found.queues().forEach(queue -> data.add(QueueView.json(queue)));
              return new Answer(200, JsonText.print(page.answer(data, found.total())), null);
            })
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private void retrieve(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    QueueReference reference =
        QueueReference.of(context.pathParam("queue"), context.queryParams().get("type"));
    reference
        .in(new QueueTable(database.autocommit()), environment)
        .map(QueuesHandler::answer)
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private void keys(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    QueueReference reference =
        QueueReference.of(context.pathParam("queue"), context.queryParams().get("type"));
    QueueTable table = new QueueTable(database.autocommit());
    reference
        .in(table, environment)
        .compose(queue -> table.keys(environment, queue.name()))
        .map(keys -> new Answer(200, JsonText.print(QueueView.json(keys)), null))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private void pause(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    JsonFields fields = bodies.required(context.body().buffer());
    String action = fields.text("action", MAX_WORD);
    if (!"pause".equals(action) && !"resume".equals(action)) {
      throw ApiException.badRequest("action", "action must be pause or resume.");
    }
    boolean paused = "pause".equals(action);
    change(context, environment, fields, (table, of, id) -> table.pause(of, id, paused));
  }

  private void override(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    JsonFields fields = bodies.required(context.body().buffer());
    Integer limit = fields.number("concurrencyLimit", 0, MAX_LIMIT);
    if (limit == null) {
      throw ApiException.badRequest(
          "concurrencyLimit",
          "concurrencyLimit must be a number of runs, 0 to %d.".formatted(MAX_LIMIT));
    }
    change(context, environment, fields, (table, of, id) -> table.override(of, id, limit));
  }

  private void reset(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    JsonFields fields = bodies.optional(context.body().buffer());
    change(context, environment, fields, QueueTable::reset);
  }

  private void change(
      RoutingContext context, EnvironmentId environment, JsonFields fields, Change change) {
    QueueReference reference =
        QueueReference.of(context.pathParam("queue"), fields.text("type", MAX_WORD));
    requests
        .act(
            Repeats.of(context),
            transaction -> {
              QueueTable table = new QueueTable(transaction);
              return reference
                  .in(table, environment)
                  .compose(found -> change.of(table, environment, found.id()))
                  .compose(changed -> reference.in(table, environment))
                  .map(QueuesHandler::answer);
            })
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static Answer answer(Queue queue) {
    return new Answer(200, JsonText.print(QueueView.json(queue)), null);
  }
}
