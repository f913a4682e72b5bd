package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every write answers with the position by which a reader can wait for it. */
class PositionsIT {
  /** What writes nothing, or nothing that can be followed or that its answer is the end of. */
  private static final Set<String> WITHOUT =
      Set.of(
          "POST /api/v1/auth/jwt/claims",
          "POST /api/v1/auth/public-tokens",
          "POST /api/v1/auth/jwt",
          "POST /api/v1/dashboard/session",
          "DELETE /api/v1/dashboard/session",
          "PUT /api/v[12]/packets/(?<name>.+)",
          "PUT /api/v1/packet-contents/(?<name>.+)",
          // Completed by the call before, so that nothing is written.
          "POST /api/v1/waitpoints/tokens/:waitpointId/callback",
          "POST /realtime/v1/streams/(?<runId>[^/]+)/(?<target>self|parent|root)/(?<key>[^/]+)");

  @RegisterExtension static final TableServer SERVER = new TableServer();

  static Stream<Sample> writes() {
    return RouteTable.SAMPLES.stream()
        .filter(sample -> !Set.of("GET", "HEAD").contains(sample.method()))
        .filter(sample -> !WITHOUT.contains(sample.route()))
        // Tools that execute tasks, and exporters, speak protocols of others, and read nothing
        // after.
        .filter(sample -> !sample.path().startsWith("/engine/"))
        .filter(sample -> !sample.path().startsWith("/otel/"))
        // What a claim changes, its answer tells whole.
        .filter(sample -> !sample.path().endsWith("/claim"));
  }

  @ParameterizedTest
  @MethodSource("writes")
  void everyWriteSaysWhereItStands(Sample sample) {
    Reply reply = SERVER.call(sample, WholeServer.SECRET);

    // The run is canceled by one of the calls: what comes behind it and is refused writes nothing.
    assertThat(reply.status()).as(reply.toString()).isIn(200, 202, 422);
    assertThat(reply.header("x-runcast-position").orElse("none"))
        .as(reply.toString())
        .matches(reply.status() == 422 ? "none" : "[1-9][0-9]*");
  }
}
