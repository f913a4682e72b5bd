package dev.runcast.http.variable;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.engine.Answer;
import dev.runcast.engine.Requests;
import dev.runcast.engine.variable.Variable;
import dev.runcast.engine.variable.Variables;
import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.Repeats;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.json.JsonText;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.tenant.ProjectStore;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Environment variables: {@code /api/v1/projects/:project/envvars/:environment}. */
public final class VariablesHandler {
  private static final Answer DONE = new Answer(200, "{\"success\":true}", null);

  private final Database database;
  private final Requests requests;
  private final Variables variables;
  private final Bodies bodies;
  private final ProjectStore projects;

  public VariablesHandler(
      Database database, Requests requests, Variables variables, Bodies bodies) {
    this.database = database;
    this.requests = requests;
    this.variables = variables;
    this.bodies = bodies;
    this.projects = new ProjectStore(database);
  }

  /** Adds the routes of environment variables. */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    String all = "/api/v1/projects/:project/envvars/:environment";
    String one = all + "/:name";
    router.get(all).handler(auth).handler(this::list);
    router.post(all).handler(auth).handler(body).handler(this::create);
    router.post(all + "/import").handler(auth).handler(body).handler(this::importMany);
    router.get(one).handler(auth).handler(this::retrieve);
    router.put(one).handler(auth).handler(body).handler(this::update);
    router.delete(one).handler(auth).handler(body).handler(this::remove);
  }

  private void list(RoutingContext context) {
    Authorizer.requireSecretKey(Principal.of(context));
    read(
        context,
        (transaction, environment) ->
            variables
                .all(transaction, environment)
                .map(
                    found -> {
                      ArrayNode array = JsonNodeFactory.instance.arrayNode();
                      found.forEach(variable -> array.add(json(variable)));
                      return new Answer(200, JsonText.print(array), null);
                    }));
  }

  private void retrieve(RoutingContext context) {
    Authorizer.requireSecretKey(Principal.of(context));
    String name = name(context);
    read(
        context,
        (transaction, environment) ->
            variables
                .find(transaction, environment, name)
                .map(found -> new Answer(200, JsonText.print(json(found)), null)));
  }

  private void create(RoutingContext context) {
    Authorizer.requireSecretKey(Principal.of(context));
    JsonFields fields = bodies.required(context.body().buffer());
    Map<String, String> values = VariablesParser.one(fields);
    set(context, values, VariablesParser.secret(fields), true);
  }

  private void importMany(RoutingContext context) {
    Authorizer.requireSecretKey(Principal.of(context));
    JsonFields fields = bodies.required(context.body().buffer());
    Map<String, String> values = VariablesParser.many(fields);
    set(context, values, VariablesParser.secret(fields), fields.flag("override"));
  }

  private void set(
      RoutingContext context,
      Map<String, String> values,
      @Nullable Boolean secret,
      boolean override) {
    write(
        context,
        (transaction, environment) ->
            variables.set(transaction, environment, values, secret, override));
  }

  private void update(RoutingContext context) {
    Authorizer.requireSecretKey(Principal.of(context));
    String name = name(context);
    String value = VariablesParser.value(bodies.required(context.body().buffer()));
    write(
        context,
        (transaction, environment) -> variables.change(transaction, environment, name, value));
  }

  private void remove(RoutingContext context) {
    Authorizer.requireSecretKey(Principal.of(context));
    String name = name(context);
    write(context, (transaction, environment) -> variables.remove(transaction, environment, name));
  }

  private void read(
      RoutingContext context, BiFunction<Transaction, EnvironmentId, Future<Answer>> reading) {
    requireOwn(context)
        .compose(environment -> reading.apply(database.autocommit(), environment))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private void write(
      RoutingContext context, BiFunction<Transaction, EnvironmentId, Future<Void>> writing) {
    var repeatable = variables.keyed(Repeats.of(context));
    requireOwn(context)
        .compose(
            environment ->
                requests.act(
                    repeatable, transaction -> writing.apply(transaction, environment).map(DONE)))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /**
   * The environment of the secret key, if it is the one that the path names. Whether there is
   * another of that name is not told.
   */
  private Future<EnvironmentId> requireOwn(RoutingContext context) {
    EnvironmentId own = Principal.of(context).environment();
    String project = context.pathParam("project");
    String environment = context.pathParam("environment");
    return projects
        .home(own)
        .map(
            home -> {
              if (!home.project().equals(project) || !home.environment().equals(environment)) {
                throw new ApiException(
                    ApiError.FORBIDDEN,
                    "This secret key is that of environment %s of project %s and reaches no other; use the other's own."
                        .formatted(home.environment(), home.project()));
              }
              return own;
            });
  }

  private static String name(RoutingContext context) {
    String name = context.pathParam("name");
    if (!VariablesParser.isName(name)) {
      throw ApiException.notFound(
          "There is no environment variable of this name; names are letters, digits and"
              + " underscores.");
    }
    return name;
  }

  private static ObjectNode json(Variable variable) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", variable.name())
        .put("value", variable.value())
        .put("isSecret", variable.secret());
  }
}
