package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import dev.runcast.http.Sample.Access;
import dev.runcast.http.Sample.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every route that changes something, sent several times as the same request. */
class RepeatsIT {
  private static final String KEY = "x-trigger-request-idempotency-key";
  private static final int AT_ONCE = 6;

  /**
   * They give what is their bearer's alone, or what can be put again without harm. Streams tell
   * chunks apart by numbers of their own, and the engine attempts by their snapshots: {@code
   * ExecutionIT} tries those, {@code ClaimsIT} claims.
   */
  private static final Set<String> NOT_REPEATED =
      Set.of(
          "POST /api/v1/auth/jwt/claims",
          "POST /api/v1/auth/public-tokens",
          "POST /api/v1/auth/jwt",
          "POST /otel/v1/traces",
          "POST /otel/v1/logs",
          "POST /otel/v1/metrics",
          "POST /engine/v1/dev/dequeue",
          "POST /engine/v1/dev/disconnect",
          "POST /api/v1/queues/:queue/claim",
          "POST /engine/v1/dev/runs/:runId/snapshots/:snapshot/attempts/start",
          "POST /engine/v1/dev/runs/:runId/snapshots/:snapshot/heartbeat",
          "POST /engine/v1/dev/runs/:runId/logs/debug",
          "PUT /api/v[12]/packets/(?<name>.+)",
          "PUT /api/v1/packet-contents/(?<name>.+)");

  @RegisterExtension final WholeServer server = new WholeServer();
  private final Caller caller = new Caller(server.port());

  @BeforeEach
  void start() {
    server.postgres.execute(Subjects.ROWS);
    RouteTable.SAMPLES.stream()
        .filter(
            sample ->
                sample.route().endsWith("POST /api/v1/projects/:project/envvars/:environment"))
        .forEach(sample -> caller.call(sample, WholeServer.SECRET));
  }

  static Stream<Sample> changing() {
    return RouteTable.SAMPLES.stream()
        .filter(sample -> !sample.method().equals("GET"))
        .filter(sample -> sample.gate().access() != Access.OPEN)
        .filter(sample -> sample.contents().kind() != Kind.LINES)
        .filter(sample -> !sample.path().startsWith("/realtime/v1/streams/"))
        .filter(sample -> !NOT_REPEATED.contains(sample.route()));
  }

  @ParameterizedTest
  @MethodSource("changing")
  void theSameRequestActsOnceAndIsAnsweredAlike(Sample sample) throws Exception {
    long before = count(sample);

    List<Reply> replies = atOnce(() -> caller.call(sample, WholeServer.SECRET, KEY, "k1"));

    String state = server.state("env_dev");
    assertThat(replies.get(0).status()).as(replies.toString()).isIn(200, 202);
    assertThat(replies.stream().map(Reply::body)).containsOnly(replies.get(0).body());
    assertThat(count(sample) - before).isEqualTo(sample.makes() == null ? 0 : 1);
    assertThat(server.query("select version from run where id = 'run_a'").get(0))
        .as("at most one change")
        .isIn("1", "2");

    Reply later = caller.call(sample, WholeServer.SECRET, KEY, "k1");
    assertThat(later.body()).isEqualTo(replies.get(0).body());
    assertThat(server.state("env_dev")).isEqualTo(state);

    if (sample.hasBody()) {
      Reply other = caller.call(withMore(sample), WholeServer.SECRET, KEY, "k1");
      Refusals.refused(sample + " with another body", other, 422);
      assertThat(server.state("env_dev")).isEqualTo(state);
    }
    othersAreNotAnsweredForIt(sample, replies.get(0), state);
  }

  /** The key is that of one credential: of another it is another request. */
  private void othersAreNotAnsweredForIt(Sample sample, Reply first, String state) {
    long before = count(sample);
    Reply foreign = caller.call(sample, WholeServer.OTHER_SECRET, KEY, "k1");
    Refusals.answered(sample + " from elsewhere", foreign);
    assertThat(server.state("env_dev")).isEqualTo(state);

    if (sample.makes() != null && sample.gate().access() == Access.SCOPES) {
      Reply own = caller.call(sample, WholeServer.token("admin"), KEY, "k1");
      assertThat(own.status()).as(own.toString()).isEqualTo(first.status());
      assertThat(own.body()).isNotEqualTo(first.body());
      assertThat(count(sample) - before).isEqualTo(1);
    }
  }

  private static Sample withMore(Sample sample) {
    String text = sample.contents().text();
    String more = text.equals("{}") ? "{\"tags\":[]}" : text.replaceFirst("}$", ",\"more\":1}");
    return sample.with(more);
  }

  private long count(Sample sample) {
    return sample.makes() == null
        ? 0
        : Long.parseLong(
            server
                .query(
                    "select count(*) from %s where environment_id = 'env_dev'"
                        .formatted(sample.makes()))
                .get(0));
  }

  private static List<Reply> atOnce(Callable<Reply> call) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<Reply>> started = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        started.add(threads.submit(call));
      }
      List<Reply> replies = new ArrayList<>();
      for (Future<Reply> reply : started) {
        replies.add(reply.get());
      }
      return replies;
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } finally {
      threads.shutdown();
    }
  }
}
