package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import dev.runcast.http.Sample.Trait;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every route by methods that it does not take, and with names and ids of all sorts in its path.
 */
class BadPathsIT {
  /** The names in the paths of the table that a call is about. */
  private static final Pattern SUBJECT =
      Pattern.compile(
          "(?<=/)(run_a|run_delayed|run_done|run_held|run_busy|run_waits|batch_a|waitpoint_a|packet_a|packet_new|key_a|task_a"
              + "|proj_p|dev|MADE|sched_a)(?=[/?]|$)");

  /** Names as they stand in a path. */
  private static final List<String> ODD =
      List.of(
          "%2F",
          "a%2Fb",
          "..%2Frun_a",
          "%2e%2e",
          "run_a%2F..",
          "%25",
          "a%2525b",
          "%00",
          "run_a%00",
          "a%0Ab",
          "%20",
          "%C3%28",
          "%ED%A0%80",
          "%F0%9F%98%80",
          "__proto__",
          "run_a'--",
          "x".repeat(600));

  @RegisterExtension static final TableServer SERVER = new TableServer();

  static Stream<Sample> all() {
    return RouteTable.calls();
  }

  static Stream<Sample> named() {
    return RouteTable.calls().filter(sample -> SUBJECT.matcher(sample.path()).find());
  }

  private static Sample renamed(Sample sample, String name) {
    return sample.at(SUBJECT.matcher(sample.path()).replaceFirst(name.replace("$", "\\$")));
  }

  /** What the routes of the table take at the path of a call. */
  private static Set<String> methods(Sample sample) {
    Set<String> methods = new TreeSet<>(Set.of("OPTIONS"));
    String path = sample.path().replaceAll("[?].*", "");
    for (String route : RouteTable.routes()) {
      int blank = route.indexOf(' ');
      if (path.matches(route.substring(blank + 1).replaceAll("/:[A-Za-z]+", "/[^/]+"))) {
        methods.add(route.substring(0, blank));
      }
    }
    return methods;
  }

  @ParameterizedTest
  @MethodSource("all")
  void aMethodThatARouteDoesNotTakeIsToldWhichItTakes(Sample sample) {
    Set<String> taken = methods(sample);
    String before = SERVER.state();

    for (String method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE")) {
      if (!taken.contains(method)) {
        Sample wrong =
            new Sample(
                method + " ",
                sample.path(),
                sample.gate(),
                sample.contents(),
                null,
                sample.traits());
        Reply reply = SERVER.call(wrong, WholeServer.SECRET);

        assertThat(reply.status()).as(wrong.toString()).isEqualTo(405);
        assertThat(reply.header("allow").orElse(""))
            .as(wrong.toString())
            .isEqualTo(String.join(", ", taken));
        Refusals.refused(wrong.toString(), reply, 405);
      }
    }

    assertThat(SERVER.state()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("named")
  void whatIsNotThereIsNotFound(Sample sample) {
    boolean isNew = sample.is(Trait.NEW_NAME);
    Sample unknown = renamed(sample, isNew ? "new_1" : "nobody_1");
    String before = SERVER.state();

    Reply reply = SERVER.call(unknown, WholeServer.SECRET);

    if (isNew) {
      assertThat(reply.status()).as(unknown.toString()).isEqualTo(200);
      return;
    }
    // Of another project or environment not even that it is not there is told.
    Refusals.refused(unknown.toString(), reply, sample.path().contains("/envvars/") ? 403 : 404);
    assertThat(SERVER.state()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("named")
  void anOddNameNamesNothingAndHarmsNothing(Sample sample) {
    String before = SERVER.state();

    for (String odd : ODD) {
      // What a call makes of an odd name must not be there for another call to find.
      Sample strange = renamed(sample, sample.is(Trait.NEW_NAME) ? "new" + odd : odd);
      Reply reply = SERVER.call(strange, WholeServer.SECRET);
      if (sample.is(Trait.NEW_NAME)) {
        Refusals.answered(strange.toString(), reply);
      } else {
        Refusals.refused(strange.toString(), reply, 400, 403, 404, 405, 422);
        assertThat(SERVER.state()).as(strange.toString()).isEqualTo(before);
      }
    }

    assertThat(SERVER.call(sample, WholeServer.SECRET).status()).as("afterwards").isLessThan(500);
  }
}
