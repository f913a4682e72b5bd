package dev.runcast.http.stream;

import static dev.runcast.testing.Await.await;

import dev.runcast.cluster.ChangeBus;
import dev.runcast.engine.Limits;
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
import dev.runcast.http.session.SignInLimits;
import dev.runcast.hub.Hub;
import dev.runcast.keys.KeyVault;
import dev.runcast.keys.MasterKey;
import dev.runcast.metrics.Metrics;
import dev.runcast.metrics.ServicePulse;
import dev.runcast.run.ChangeBatch;
import dev.runcast.store.Database;
import dev.runcast.store.Targets;
import dev.runcast.store.feed.RunFeeds;
import dev.runcast.store.feed.RunTallies;
import dev.runcast.store.login.LoginTable;
import dev.runcast.store.revocation.RevocationReads;
import dev.runcast.store.session.SessionTable;
import dev.runcast.store.stream.StreamPages;
import dev.runcast.store.tenant.KeyStore;
import dev.runcast.subscribe.revocation.Revocations;
import dev.runcast.testing.TestPostgres;
import dev.runcast.testing.TestPostgres.TestDatabase;
import dev.runcast.tokens.Expiry;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.SigningKey;
import dev.runcast.tokens.TokenIssuer;
import dev.runcast.wal.ReplicationSettings;
import dev.runcast.wal.WalReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A node with all that streams need, over a real database, whose log it tails. */
final class StreamServer implements AutoCloseable {
  static final String SECRET = "tr_dev_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
  static final String OTHER_SECRET = "tr_dev_other3456789abcdefghijklmnopqrstuvwxyzABCDEFG";
  static final int CHUNK_BYTES = 64 * 1024;
  static final int STREAMS = 5;

  private static final InstantSource CLOCK = InstantSource.system();
  private static final AtomicInteger RUNS = new AtomicInteger();

  final TestDatabase postgres;
  final AtomicLong stored = new AtomicLong();
  final AtomicLong sent = new AtomicLong();
  private final Vertx vertx = Vertx.vertx();
  private final Database database;
  private final WalReader tail;
  private final int port;
  private final String deployment;

  StreamServer() {
    this(TestPostgres.database());
    postgres.execute(
        """
        insert into project (id, reference, name) values ('p', 'proj_p', 'P');
        insert into environment (id, project_id, slug)
          values ('env_dev', 'p', 'dev'), ('env_other', 'p', 'other');
        insert into secret_key (digest, environment_id, sealed, master_key_id) values
          (sha256('%1$s'), 'env_dev', '%1$s', 'm'), (sha256('%2$s'), 'env_other', '%2$s', 'm')"""
            .formatted(SECRET, OTHER_SECRET));
  }

  /** One more node on the same database, which has the slot once the other is closed. */
  StreamServer(TestDatabase postgres) {
    this.postgres = postgres;
    this.database = Database.open(vertx, postgres.options(), Database.Size.DEFAULT);
    ChangeBus bus = new ChangeBus(vertx, 1 << 20);
    ChunkWriter chunks = new ChunkWriter(database, stored::addAndGet);
    await(vertx.deployVerticle(chunks));
    ApiVerticle api = new ApiVerticle(shared(bus, chunks));
    this.deployment = await(vertx.deployVerticle(api));
    this.port = api.port();
    this.tail =
        new WalReader(
            new ReplicationSettings(
                postgres.address(),
                "streams_" + postgres.name(),
                ReplicationSettings.Limits.DEFAULT,
                new ReplicationSettings.Pace(
                    Duration.ofMillis(50),
                    Duration.ofMillis(50),
                    Duration.ofSeconds(10),
                    Duration.ofMillis(200))),
            bus::publish,
            CLOCK);
    tail.start();
  }

  private ApiVerticle.Shared shared(ChangeBus bus, ChunkWriter chunks) {
    return new ApiVerticle.Shared(
        ServerOptions.clear("127.0.0.1", 0),
        new ApiVerticle.Keys(
            new KeyStore(database),
            key -> SigningKey.of(key.sealed().toString()),
            new ApiVerticle.Dashboard(
                new SessionTable(database, SessionTable.Lengths.DEFAULT),
                new SignInLimits(CLOCK),
                in -> Future.failedFuture("nobody signs in here"),
                new ApiVerticle.Logins(new LoginTable(database), new SignInLimits(CLOCK)),
                new InsideHandler.Sources(
                    new ServicePulse(Metrics.none()), new FeedCensus(), Optional::empty)),
            new ApiVerticle.Revoking(new Revocations(), new RevocationReads(database)::since)),
        new ApiVerticle.Feeds(
            new RunFeeds(database, RunFeeds.PageSize.DEFAULT),
            new RunTallies(database),
            new Targets(database),
            new dev.runcast.subscribe.Limits(1_000, 1_000),
            consumer -> follow(bus, consumer)),
        new ApiVerticle.Streaming(
            new Streams(
                database,
                new Requests(database, due -> {}),
                chunks,
                new Streams.Limits(CHUNK_BYTES, STREAMS)),
            new StreamPages(database),
            sent::addAndGet),
        new ApiVerticle.Management(
            new Api.Backing(database, new Requests(database, due -> {}), Limits.DEFAULT, CLOCK),
            new Variables(new KeyVault(MasterKey.generate())),
            new DevRoutes.Backing(Bounds.DEFAULT, key -> ""),
            1 << 20),
        new ApiVerticle.Budgets(
            Hub.Budgets.DEFAULT, 4, new FeedLoop.Pace(Duration.ofMinutes(10), Duration.ofHours(1))),
        Metrics.none(),
        CLOCK);
  }

  private static Runnable follow(ChangeBus bus, Consumer<ChangeBatch> consumer) {
    Future<ChangeBus.Subscriber> subscriber = bus.subscribe(consumer);
    return () -> subscriber.onSuccess(ChangeBus.Subscriber::unsubscribe);
  }

  int port() {
    return port;
  }

  /** Hangs up on everybody, as a node that is stopped does. */
  void undeployApi() {
    await(vertx.undeploy(deployment));
  }

  @Override
  public void close() {
    tail.stop();
    await(database.close());
    await(vertx.close());
  }

  /** A new run of env_dev that is being executed; its id. */
  String run() {
    return run("env_dev", "null");
  }

  String run(String environment, String parent) {
    String id = "run_" + RUNS.incrementAndGet();
    postgres.execute(
        """
        insert into run (environment_id, id, task_identifier, status, tags, parent_id, root_id)
        values ('%s', '%s', 'task', 'EXECUTING', '{mine}', %s, %s)"""
            .formatted(environment, id, parent, parent));
    return id;
  }

  void complete(String run) {
    postgres.execute(
        "update run set status = 'COMPLETED_SUCCESSFULLY' where id = '%s'".formatted(run));
  }

  static String token(String... scopes) {
    return new TokenIssuer("env_dev", SigningKey.of(SECRET))
        .issue(Grants.of(scopes), Expiry.after(Duration.ofMinutes(5)));
  }

  /** The first column of a query, as texts. */
  List<String> texts(String sql) {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The chunks that are stored of a run's stream, in order. */
  List<String> chunks(String run, String key) {
    return texts(
        """
        select string_to_table(chunks, E'\\n') from (
          select chunks from stream_segment
          where run_id = '%s' and key = '%s' and count > 0 order by first_seq) all_of_it"""
            .formatted(run, key));
  }
}
