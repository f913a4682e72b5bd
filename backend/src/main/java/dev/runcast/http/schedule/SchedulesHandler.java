package dev.runcast.http.schedule;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import dev.runcast.store.schedule.Schedule;
import dev.runcast.store.schedule.ScheduleTable;
import dev.runcast.store.tenant.ProjectStore;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/** Makes, tells and changes schedules: {@code /api/v1/schedules}. */
public final class SchedulesHandler {
  private static final int MAX_ID = 64;

  private final Database database;
  private final Requests requests;
  private final Bodies bodies;
  private final InstantSource clock;
  private final ScheduleParser parser;
  private final ProjectStore projects;

  public SchedulesHandler(
      Database database, Requests requests, Bodies bodies, InstantSource clock) {
    this.database = database;
    this.requests = requests;
    this.bodies = bodies;
    this.clock = clock;
    this.parser = new ScheduleParser(clock);
    this.projects = new ProjectStore(database);
  }

  /** Adds the routes of schedules. */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    String all = "/api/v1/schedules";
    String one = all + "/:schedule";
    router.get(all).handler(auth).handler(this::list);
    router.post(all).handler(auth).handler(body).handler(this::create);
    router.get(all + "/upcoming").handler(auth).handler(this::upcoming);
    router.get(one).handler(auth).handler(this::retrieve);
    router.put(one).handler(auth).handler(body).handler(this::update);
    router.delete(one).handler(auth).handler(body).handler(this::remove);
    router
        .post(one + "/activate")
        .handler(auth)
        .handler(body)
        .handler(context -> activate(context, true));
    router
        .post(one + "/deactivate")
        .handler(auth)
        .handler(body)
        .handler(context -> activate(context, false));
  }

  private void list(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    NumberedPage page = NumberedPage.of(context.queryParams());
    view(environment)
        .compose(
            view ->
                new ScheduleTable(database.autocommit())
                    .page(environment, page.size(), page.offset())
                    .compose(found -> told(context.vertx(), view, page, found)))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** Reading a hundred expressions takes a tenth of a second, which no feed shall wait for. */
  private static Future<Answer> told(
      Vertx vertx, ScheduleView view, NumberedPage page, ScheduleTable.Page found) {
    return vertx.executeBlocking(
        () -> {
          ArrayNode data = JsonNodeFactory.instance.arrayNode();
          found.schedules().forEach(schedule -> data.add(view.json(schedule)));
          return answer(page.answer(data, found.total()));
        },
        false);
  }

  private void retrieve(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    String id = id(context);
    view(environment)
        .compose(
            view ->
                new ScheduleTable(database.autocommit())
                    .find(environment, id)
                    .map(SchedulesHandler::known)
                    .map(schedule -> answer(view.json(schedule))))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** When a schedule would come that somebody is about to make. */
  private void upcoming(RoutingContext context) {
    Authorizer.keyOnly(context);
    context
        .vertx()
        .executeBlocking(parser.upcoming(context.queryParams()), false)
        .map(
            times -> {
              ObjectNode json = JsonNodeFactory.instance.objectNode();
              ArrayNode upcoming = json.putArray("upcoming");
              times.forEach(time -> upcoming.add(time.toString()));
              return answer(json);
            })
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private void create(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    JsonFields fields = bodies.required(context.body().buffer());
    Schedule.Plan plan = parser.plan(fields);
    String key = ScheduleParser.key(fields);
    act(context, environment, table -> table.put(environment, plan, key));
  }

  private void update(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    String id = id(context);
    Schedule.Plan plan = parser.plan(bodies.required(context.body().buffer()));
    act(
        context,
        environment,
        table ->
            lockImperative(table, environment, id)
                .compose(locked -> table.change(environment, id, plan))
                .map(SchedulesHandler::known));
  }

  private void activate(RoutingContext context, boolean active) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    String id = id(context);
    act(
        context,
        environment,
        table -> table.activate(environment, id, active).map(SchedulesHandler::known));
  }

  private void remove(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    String id = id(context);
    Answer removed = answer(JsonNodeFactory.instance.objectNode().put("id", id));
    requests
        .act(
            Repeats.of(context),
            transaction -> {
              ScheduleTable table = new ScheduleTable(transaction);
              return lockImperative(table, environment, id)
                  .compose(locked -> table.remove(environment, id))
                  .map(removed);
            })
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private void act(
      RoutingContext context,
      EnvironmentId environment,
      Function<ScheduleTable, Future<Schedule>> action) {
    var repeatable = Repeats.of(context);
    view(environment)
        .compose(
            view ->
                requests.act(
                    repeatable,
                    transaction ->
                        action
                            .apply(new ScheduleTable(transaction))
                            .map(schedule -> answer(view.json(schedule)))))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static Future<Schedule> lockImperative(
      ScheduleTable table, EnvironmentId environment, String id) {
    return table
        .lock(environment, id)
        .map(SchedulesHandler::known)
        .map(
            schedule -> {
              if (schedule.declarative()) {
                throw ApiException.unprocessable(
                    "schedule",
                    "This schedule is declared in the code of its task; change it there.");
              }
              return schedule;
            });
  }

  private Future<ScheduleView> view(EnvironmentId environment) {
    return projects
        .home(environment)
        .map(home -> new ScheduleView(environment, home.environment(), clock.instant()));
  }

  private static String id(RoutingContext context) {
    String id = context.pathParam("schedule");
    if (id.length() > MAX_ID || !JsonText.isStorable(id)) {
      throw unknown();
    }
    return id;
  }

  private static Schedule known(Optional<Schedule> found) {
    return found.orElseThrow(SchedulesHandler::unknown);
  }

  private static ApiException unknown() {
    return ApiException.notFound("There is no schedule of this id in this environment.");
  }

  private static Answer answer(ObjectNode json) {
    return new Answer(200, JsonText.print(json), null);
  }
}
