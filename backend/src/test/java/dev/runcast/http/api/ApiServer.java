package dev.runcast.http.api;

import static dev.runcast.testing.Await.await;

import dev.runcast.engine.Limits;
import dev.runcast.engine.Requests;
import dev.runcast.engine.execution.Bounds;
import dev.runcast.engine.variable.Variables;
import dev.runcast.http.AfterPosition;
import dev.runcast.http.ErrorHandler;
import dev.runcast.http.api.waitpoint.WaitpointsHandler;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.FakeKeys;
import dev.runcast.http.auth.KeyCache;
import dev.runcast.http.auth.RevokeHandler;
import dev.runcast.http.auth.Standing;
import dev.runcast.http.auth.TokenMint;
import dev.runcast.http.server.Stored;
import dev.runcast.hub.Hub;
import dev.runcast.keys.KeyVault;
import dev.runcast.keys.MasterKey;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.store.Database;
import dev.runcast.store.revocation.RevocationReads;
import dev.runcast.subscribe.Arriving;
import dev.runcast.subscribe.revocation.RevocationWatch;
import dev.runcast.subscribe.revocation.Revocations;
import dev.runcast.testing.TestPostgres;
import dev.runcast.testing.TestPostgres.TestDatabase;
import dev.runcast.tokens.Expiry;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.SigningKey;
import dev.runcast.tokens.TokenIssuer;
import dev.runcast.tokens.TokenVerifier;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The management API over a real database and real connections, in environment env_dev. */
final class ApiServer implements AfterAllCallback, AutoCloseable {
  static final String SECRET = "tr_dev_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
  static final String OTHER_SECRET = "tr_dev_other3456789abcdefghijklmnopqrstuvwxyzABCDEFG";
  static final int MAX_BODY = 4 << 20;

  /** Small enough to be passed by a test. */
  static final Limits LIMITS = new Limits(200_000, 2_000, 10, 128, 30, 100);

  private static final InstantSource CLOCK = InstantSource.system();

  final TestDatabase postgres = TestPostgres.database();
  final List<Instant> dues = new CopyOnWriteArrayList<>();
  volatile Cursor newest = Cursor.ofRead(new Incarnation(7, 7), Long.MAX_VALUE);
  private final Vertx vertx = Vertx.vertx();
  private final Database database = Database.open(vertx, postgres.options(), Database.Size.DEFAULT);
  private final Revocations revocations = new Revocations();
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;

  ApiServer() {
    postgres.execute(
        """
        insert into project (id, reference, name) values ('p', 'proj_p', 'P');
        insert into environment (id, project_id, slug)
          values ('env_dev', 'p', 'dev'), ('env_other', 'p', 'other')""");
    KeyCache keys =
        new FakeKeys().with("env_dev", SECRET).with("env_other", OTHER_SECRET).cache(CLOCK);
    Router router = Router.router(vertx);
    new ErrorHandler().mount(router);
    BodyHandler reader = BodyHandler.create(false).setBodyLimit(MAX_BODY);
    Handler<RoutingContext> body = context -> reader.handle(context);
    TokenMint mint = new TokenMint(keys, CLOCK);
    Hub hub = new Hub(Hub.Budgets.DEFAULT, CLOCK);
    Standing standing =
        new Standing(
            new RevocationWatch(hub, revocations, new RevocationReads(database)::since), CLOCK);
    BearerAuth auth = new BearerAuth(keys, new TokenVerifier(CLOCK), standing);
    Api.Backing backing =
        new Api.Backing(database, new Requests(database, dues::add), LIMITS, CLOCK);
    Arriving arriving =
        new Arriving(
            hub,
            Duration.ofMillis(200),
            (delay, task) -> vertx.setTimer(delay.toMillis(), timer -> task.run()));
    AfterPosition after = new AfterPosition(arriving, database::hasGivenOut);
    Api.create(backing, mint, () -> Optional.of(newest), after).mount(router, auth, body);
    new WaitpointsHandler(backing, mint).mount(router, auth, body);
    new RevokeHandler(backing, revocations).mount(router, auth, body);
    Stored.create(backing, new Variables(new KeyVault(MasterKey.generate())), Bounds.DEFAULT)
        .mount(router, auth, body);
    port =
        await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1")).actualPort();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  @Override
  public void close() {
    await(database.close());
    await(vertx.close());
  }

  int port() {
    return port;
  }

  /** A public token of env_dev. */
  static String token(String... scopes) {
    return new TokenIssuer("env_dev", SigningKey.of(SECRET))
        .issue(Grants.of(scopes), Expiry.after(Duration.ofMinutes(5)));
  }

  static String oneTimeToken(String... scopes) {
    TokenIssuer issuer = new TokenIssuer("env_dev", SigningKey.of(SECRET));
    return issuer.sign(
        issuer.draft(Grants.of(scopes), Expiry.after(Duration.ofMinutes(5))).withOneTimeUse());
  }

  /** An answer. */
  record Reply(int status, HttpResponse<String> response) {
    JsonObject json() {
      return new JsonObject(response.body());
    }

    String error() {
      return json().getString("error");
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }
  }

  Call call(String method, String path) {
    return new Call(method, path, SECRET, new String[0], BodyPublishers.noBody());
  }

  /** Triggers a run by the secret key; gives its id. */
  String trigger(String task, String body) {
    Reply reply = triggering(task, body).send();
    if (reply.status() != 200) {
      throw new AssertionError(reply.response().body());
    }
    return reply.json().getString("id");
  }

  /** Tries to trigger a run. */
  Call triggering(String task, String body) {
    return call("POST", "/api/v1/tasks/" + task + "/trigger").json(body);
  }

  Reply patch(String run, String body, String... headers) {
    return call("PATCH", "/api/v1/runs/" + run).headers(headers).json(body).send();
  }

  JsonObject retrieve(String run) {
    Reply reply = call("GET", "/api/v3/runs/" + run).send();
    if (reply.status() != 200) {
      throw new AssertionError(reply.response().body());
    }
    return reply.json();
  }

  /** The first row of a query, as texts. */
  List<String> query(String sql) {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      List<String> values = new ArrayList<>();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        values.add(rows.getString(i));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A request in the making. */
  final class Call {
    private final String method;
    private final String path;
    private final @Nullable String credential;
    private final String[] headers;
    private final BodyPublisher body;

    Call(
        String method,
        String path,
        @Nullable String credential,
        String[] headers,
        BodyPublisher body) {
      this.method = method;
      this.path = path;
      this.credential = credential;
      this.headers = headers;
      this.body = body;
    }

    /** With another credential than the secret key, or with none. */
    Call as(@Nullable String other) {
      return new Call(method, path, other, headers, body);
    }

    Call headers(String... others) {
      return new Call(method, path, credential, others, body);
    }

    Call json(String text) {
      return body(BodyPublishers.ofString(text));
    }

    Call body(BodyPublisher publisher) {
      return new Call(method, path, credential, headers, publisher);
    }

    private HttpRequest request() {
      HttpRequest.Builder builder =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(Duration.ofSeconds(30))
              .method(method, body);
      if (credential != null) {
        builder.header("authorization", "Bearer " + credential);
      }
      if (headers.length > 0) {
        builder.headers(headers);
      }
      return builder.build();
    }

    Reply send() {
      try {
        HttpResponse<String> response = client.send(request(), BodyHandlers.ofString());
        return new Reply(response.statusCode(), response);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }

    CompletableFuture<Reply> start() {
      return client
          .sendAsync(request(), BodyHandlers.ofString())
          .thenApply(response -> new Reply(response.statusCode(), response));
    }
  }
}
