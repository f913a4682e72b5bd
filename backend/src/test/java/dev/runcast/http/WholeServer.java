package dev.runcast.http;

import static dev.runcast.testing.Await.await;

import dev.runcast.engine.Requests;
import dev.runcast.engine.execution.Bounds;
import dev.runcast.engine.stream.ChunkWriter;
import dev.runcast.engine.stream.Streams;
import dev.runcast.engine.variable.Variables;
import dev.runcast.http.api.Api;
import dev.runcast.http.dev.DevRoutes;
import dev.runcast.http.inside.FeedCensus;
import dev.runcast.http.inside.InsideHandler;
import dev.runcast.http.realtime.FeedLoop;
import dev.runcast.http.server.ApiVerticle;
import dev.runcast.http.server.ServerOptions;
import dev.runcast.http.session.KeyHandler;
import dev.runcast.http.session.Sessions;
import dev.runcast.http.session.SignInLimits;
import dev.runcast.hub.Hub;
import dev.runcast.keys.KeyVault;
import dev.runcast.keys.MasterKey;
import dev.runcast.metrics.Metrics;
import dev.runcast.metrics.ServicePulse;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.RunChanged;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.store.Database;
import dev.runcast.store.Targets;
import dev.runcast.store.feed.RunFeeds;
import dev.runcast.store.feed.RunTallies;
import dev.runcast.store.login.LoginTable;
import dev.runcast.store.revocation.RevocationReads;
import dev.runcast.store.session.SessionTable;
import dev.runcast.store.stream.StreamPages;
import dev.runcast.store.tenant.KeyStore;
import dev.runcast.store.tenant.ProjectStore;
import dev.runcast.subscribe.Limits;
import dev.runcast.subscribe.revocation.Revocations;
import dev.runcast.testing.TestPostgres;
import dev.runcast.testing.TestPostgres.TestDatabase;
import dev.runcast.tokens.Expiry;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.SigningKey;
import dev.runcast.tokens.TokenIssuer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The public port with all of its routes over a real database: the environments env_dev and
 * env_other, and a log in which nothing happens.
 */
final class WholeServer implements AfterEachCallback, AutoCloseable {
  static final String SECRET = "tr_dev_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
  static final String OTHER_SECRET = "tr_dev_other3456789abcdefghijklmnopqrstuvwxyzABCDEFG";
  static final int MAX_BODY = 1 << 20;

  /** How long a client may take: short enough to be waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final InstantSource CLOCK = InstantSource.system();

  final TestDatabase postgres = TestPostgres.database();
  private final Vertx vertx = Vertx.vertx();
  private final Database database = Database.open(vertx, postgres.options(), Database.Size.DEFAULT);
  private final ChunkWriter chunks = new ChunkWriter(database, stored -> {});
  final Revocations revocations = new Revocations();
  final ServicePulse pulse = new ServicePulse(Metrics.none());
  private final Duration pingEvery;
  private final ApiVerticle verticle;
  private String stateQuery;
  private volatile Lsn heard = new Lsn(16);
  private volatile Consumer<ChangeBatch> log = batch -> {};

  WholeServer() {
    this(Duration.ofMinutes(10));
  }

  /** One that asks its clients as often as this whether they live. */
  WholeServer(Duration pingEvery) {
    this.pingEvery = pingEvery;
    verticle = new ApiVerticle(shared());
    postgres.execute(
        """
        insert into project (id, reference, name) values ('p', 'proj_p', 'P');
        insert into environment (id, project_id, slug)
          values ('env_dev', 'p', 'dev'), ('env_other', 'p', 'other');
        insert into secret_key (digest, environment_id, sealed, master_key_id)
          select sha256(key::bytea), environment, key::bytea, 'test'
          from (values ('env_dev', '%s'), ('env_other', '%s')) keys (environment, key)"""
            .formatted(SECRET, OTHER_SECRET));
    await(vertx.deployVerticle(chunks));
    await(vertx.deployVerticle(verticle));
  }

  /** Keys lie open here. */
  private Future<KeyHandler.NewKey> rotate(Sessions.InSession in) {
    Buffer key = Buffer.buffer("tr_dev_" + UUID.randomUUID().toString().replace("-", ""));
    return database
        .query("select sha256($1)", Tuple.of(key))
        .map(rows -> new ProjectStore.NewKey(rows.iterator().next().getBuffer(0), key, "test"))
        .compose(
            made ->
                new ProjectStore(database)
                    .setKeyIn(in.digest(), in.session().environment(), made, Duration.ofMinutes(1)))
        .map(set -> new KeyHandler.NewKey(key.toString(), CLOCK.instant().plusSeconds(60)));
  }

  private ApiVerticle.Shared shared() {
    return new ApiVerticle.Shared(
        ServerOptions.clear("127.0.0.1", 0),
        new ApiVerticle.Keys(
            new KeyStore(database),
            key -> SigningKey.of(key.sealed().toString(StandardCharsets.UTF_8)),
            new ApiVerticle.Dashboard(
                new SessionTable(database, SessionTable.Lengths.DEFAULT),
                new SignInLimits(CLOCK),
                this::rotate,
                new ApiVerticle.Logins(new LoginTable(database), new SignInLimits(CLOCK)),
                new InsideHandler.Sources(pulse, new FeedCensus(), Optional::empty)),
            new ApiVerticle.Revoking(revocations, new RevocationReads(database)::since)),
        new ApiVerticle.Feeds(
            new RunFeeds(database, new RunFeeds.PageSize(100, 1 << 20)),
            new RunTallies(database),
            new Targets(database),
            new Limits(10_000, 10_000),
            this::quietLog),
        new ApiVerticle.Streaming(
            new Streams(
                database,
                new Requests(database, due -> {}),
                chunks,
                new Streams.Limits(1 << 20, 100)),
            new StreamPages(database),
            sent -> {}),
        new ApiVerticle.Management(
            new Api.Backing(
                database,
                new Requests(database, due -> {}),
                dev.runcast.engine.Limits.DEFAULT,
                CLOCK,
                PATIENCE),
            new Variables(new KeyVault(MasterKey.generate())),
            new DevRoutes.Backing(
                Bounds.DEFAULT, key -> key.sealed().toString(StandardCharsets.UTF_8)),
            MAX_BODY),
        new ApiVerticle.Budgets(
            patient(Hub.Budgets.DEFAULT), 4, new FeedLoop.Pace(pingEvery, Duration.ofHours(1))),
        Metrics.none(),
        CLOCK);
  }

  /** A log in which nothing happens says nothing either: that must not make the hub suspicious. */
  private static Hub.Budgets patient(Hub.Budgets usual) {
    return new Hub.Budgets(
        usual.ringBytes(),
        usual.unprovenBytes(),
        usual.outboxBytes(),
        usual.stuckAfter(),
        Duration.ofHours(1));
  }

  private Runnable quietLog(Consumer<ChangeBatch> hub) {
    Lsn first = new Lsn(8);
    hub.accept(
        new ChangeBatch(
            new Incarnation(1, 7), 1, first, heard, List.of(new ChangeBatch.Horizon(heard, 1, 1))));
    Context loop = vertx.getOrCreateContext();
    log = batch -> loop.runOnContext(now -> hub.accept(batch));
    return () -> {};
  }

  /** Something happens in the log after all: a transaction that changed runs. */
  void tell(long xid, RunChanged... changes) {
    Lsn before = heard;
    heard = new Lsn(before.value() + 8);
    log.accept(
        new ChangeBatch(
            new Incarnation(1, 7),
            1,
            before,
            heard,
            List.of(new ChangeBatch.Committed(heard, xid, CLOCK.instant(), List.of(changes)))));
  }

  /** One that a test has for itself, as an extension of its class. */
  @Override
  public void afterEach(ExtensionContext context) {
    close();
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  Database database() {
    return database;
  }

  int port() {
    return verticle.port();
  }

  /** The routes of the API, each by its method and path, such as {@code GET /api/v1/runs}. */
  Set<String> routes() {
    Set<String> routes = new TreeSet<>();
    for (Route route : verticle.routes()) {
      String path = route.getPath() == null ? route.getName() : route.getPath();
      if (route.methods() != null && path != null && isApi(path)) {
        for (HttpMethod method : route.methods()) {
          routes.add(method + " " + path);
        }
      }
    }
    return routes;
  }

  private static boolean isApi(String path) {
    return Stream.of("/api/", "/realtime/", "/otel/", "/engine/", "/socket.io/")
        .anyMatch(path::startsWith);
  }

  /** A public token of env_dev. */
  static String token(String... scopes) {
    return issuer(SECRET).issue(Grants.of(scopes), Expiry.after(Duration.ofMinutes(5)));
  }

  static TokenIssuer issuer(String key) {
    return new TokenIssuer("env_dev", SigningKey.of(key));
  }

  /** All that is stored of an environment, in so few letters that two states can be compared. */
  String state(String environment) {
    if (stateQuery == null) {
      stateQuery =
          query(
                  """
                  select string_agg(format('select %L, count(*), sum(hashtextextended(t::text, 0))
                    from %I t where environment_id = %%1$L', table_name, table_name), ' union all ')
                  from information_schema.columns
                  where table_schema = 'public' and column_name = 'environment_id'""")
              .get(0);
    }
    return String.join("\n", query(stateQuery.replace("%1$L", "'" + environment + "'")));
  }

  /** All rows of a query, each as its columns' texts with blanks between. */
  List<String> query(String sql) {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          row.append(i == 1 ? "" : " ").append(rows.getString(i));
        }
        found.add(row.toString());
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
