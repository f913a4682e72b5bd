package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import dev.runcast.http.Sample.Access;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every route with every scope: those that will do and all that will not. */
class ScopesIT {
  /** Scopes of all kinds, those of other things too; with a blank between, several in one token. */
  private static final List<String> SCOPES =
      List.of(
          "admin",
          "admin:runs",
          "*:all",
          "*:runs",
          "*:tasks",
          "*:waitpoints",
          "*:traces",
          "read",
          "read:all",
          "write:all",
          "trigger:all",
          "batchTrigger:all",
          "read:runs",
          "read:runs:run_a",
          "read:runs:run_b",
          "read:tasks",
          "read:tasks:task_a",
          "read:tasks:task_b",
          "read:tags",
          "read:tags:tag:a",
          "read:tags:tag",
          "read:batch",
          "read:batch:batch_a",
          "read:batch:batch_b",
          "read:packets",
          "read:packets:packet_a",
          "read:packets:packet_b",
          "read:waitpoints",
          "read:waitpoints:waitpoint_a",
          "read:waitpoints:waitpoint_b",
          "write:runs",
          "write:runs:run_a",
          "write:runs:run_b",
          "write:tasks",
          "write:tasks:task_a",
          "write:tasks:task_b",
          "write:tags:tag:a",
          "write:batch",
          "write:batch:batch_a",
          "write:batch:batch_b",
          "write:packets",
          "write:packets:packet_a",
          "write:packets:packet_b",
          "write:waitpoints",
          "write:waitpoints:waitpoint_a",
          "write:waitpoints:waitpoint_b",
          "write:inputStreams",
          "write:inputStreams:run_a",
          "read:traces",
          "read:traces:run_a",
          "read:traces:run_b",
          "write:traces",
          "trigger:tasks",
          "trigger:tasks:task_a",
          "trigger:tasks:task_b",
          "batchTrigger:tasks",
          "batchTrigger:tasks:task_a",
          "batchTrigger:tasks:task_b",
          "batchTrigger:tasks:task_a batchTrigger:tasks:task_b");

  @RegisterExtension static final TableServer SERVER = new TableServer();

  static Stream<Sample> calls() {
    return RouteTable.calls();
  }

  @Test
  void everyRouteIsTried() {
    assertThat(RouteTable.routes()).isEqualTo(SERVER.routes());
    assertThat(SCOPES)
        .containsAll(
            RouteTable.SAMPLES.stream()
                .flatMap(sample -> sample.gate().scopes().stream())
                .toList());
  }

  @ParameterizedTest
  @MethodSource("calls")
  void onlyTheRightScopesOpenARoute(Sample sample) {
    SoftAssertions softly = new SoftAssertions();
    softly
        .assertThat(isLetIn(SERVER.call(sample, WholeServer.SECRET)))
        .as("the secret key")
        .isTrue();
    for (String scope : SCOPES) {
      Reply reply = SERVER.call(sample, WholeServer.token(scope.split(" ")));
      boolean expected =
          sample.gate().access() == Access.OPEN || sample.gate().scopes().contains(scope);

      softly.assertThat(isLetIn(reply)).as("%s: %s", scope, reply).isEqualTo(expected);
    }
    softly
        .assertThat(isLetIn(SERVER.call(sample, WholeServer.token())))
        .as("no scope at all")
        .isEqualTo(sample.gate().access() == Access.OPEN);
    softly.assertAll();
  }

  /** What comes of it is none of this test's business, as long as it is an answer. */
  private static boolean isLetIn(Reply reply) {
    if (reply.status() == 403) {
      assertThat(reply.error()).as(reply.toString()).isNotBlank();
      return false;
    }
    assertThat(reply.status()).as(reply.toString()).isIn(200, 202, 404, 422);
    return true;
  }
}
