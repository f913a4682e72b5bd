package dev.runcast.engine.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.engine.trace.Trace.Node;
import dev.runcast.run.RunId;
import dev.runcast.testing.Seeds;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TraceTest {
  private static final RunId RUN = new RunId("run_a");

  private static String span(String id, String parent, int second, String more) {
    return "{\"type\":\"span\",\"id\":\"%s\",\"parent\":\"%s\",\"at\":\"2024-01-01T00:00:%02dZ\"%s}"
        .formatted(id, parent, second, more);
  }

  private static String log(String parent, int second) {
    return "{\"type\":\"log\",\"parent\":\"%s\",\"at\":\"2024-01-01T00:00:%02dZ\",\"name\":\"hello\"}"
        .formatted(parent, second);
  }

  private static String shown(List<Node> nodes) {
    StringBuilder text = new StringBuilder();
    for (Node node : nodes) {
      text.append(node.isLog() ? "log" : node.id());
      if (!node.children().isEmpty()) {
        text.append('(').append(shown(node.children())).append(')');
      }
      text.append(' ');
    }
    return text.toString().strip();
  }

  private static List<Node> tree(String... entries) {
    Trace trace = new Trace(RUN);
    List.of(entries).forEach(trace::take);
    return trace.tree();
  }

  @Test
  void spansAndLogsHangOnTheirSpansInTheOrderOfTheirTimes() {
    assertThat(
            shown(
                tree(
                    span("b", "a", 3, ""),
                    log("a", 2),
                    span("c", "a", 1, ""),
                    span("a", TraceIds.span(RUN), 0, ""),
                    log("nowhere", 9))))
        .isEqualTo("a(c log b) log");
  }

  @Test
  void aSpanThatHasEndedIsNotOneThatGoesOnAgain() {
    List<Node> tree =
        tree(
            span("a", "", 0, ",\"partial\":true"),
            span("a", "", 0, ",\"end\":\"2024-01-01T00:00:09Z\",\"status\":\"error\""),
            span("a", "", 0, ",\"partial\":true"));

    assertThat(tree).hasSize(1);
    assertThat(tree.get(0).isPartial()).isFalse();
    assertThat(tree.get(0).entry().path("status").asText()).isEqualTo("error");
  }

  @Test
  void aLogThatWasSentTwiceIsOne() {
    assertThat(tree(log("", 1), log("", 1), log("", 2))).hasSize(2);
  }

  @Test
  void whatIsNoEntryIsPassedOver() {
    assertThat(tree("7", "{", "{}", "{\"type\":\"span\",\"at\":\"2024-01-01T00:00:00Z\"}"))
        .isEmpty();
  }

  @Test
  void circlesAndDepthsWithoutEndMakeATreeOfAllThatThereIs() {
    Seeds.each(
        300,
        random -> {
          int count = 1 + random.nextInt(200);
          Trace trace = new Trace(RUN);
          boolean chain = random.nextInt(5) == 0;
          for (int i = 0; i < count; i++) {
            int parent = chain ? i - 1 : random.nextInt(count + 1);
            trace.take(span("s" + i, "s" + parent, random.nextInt(60), ""));
          }

          Set<String> seen = new HashSet<>();
          int depth = depth(trace.tree(), seen);

          assertThat(seen).hasSize(count);
          assertThat(depth).isLessThanOrEqualTo(Trace.MAX_DEPTH);
        });
  }

  private static int depth(List<Node> nodes, Set<String> seen) {
    int depth = 0;
    for (Node node : nodes) {
      assertThat(seen.add(node.id())).as("once: %s", node.id()).isTrue();
      depth = Math.max(depth, 1 + depth(node.children(), seen));
    }
    return depth;
  }

  @Test
  void aRunHasAPlaceInTheTraceOfItsRoot() {
    RunId child = new RunId("run_b");

    assertThat(TraceIds.trace(child, RUN)).isEqualTo(TraceIds.trace(RUN, null)).hasSize(32);
    assertThat(TraceIds.span(child)).hasSize(16).isNotEqualTo(TraceIds.span(RUN));
    assertThat(TraceIds.parent(child, RUN)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
  }
}
