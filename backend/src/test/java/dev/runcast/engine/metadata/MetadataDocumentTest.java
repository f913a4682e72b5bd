package dev.runcast.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.engine.metadata.MetadataOperation.Append;
import dev.runcast.engine.metadata.MetadataOperation.Delete;
import dev.runcast.engine.metadata.MetadataOperation.Increment;
import dev.runcast.engine.metadata.MetadataOperation.Put;
import dev.runcast.engine.metadata.MetadataOperation.Remove;
import dev.runcast.engine.metadata.MetadataOperation.Replace;
import dev.runcast.json.JsonText;
import dev.runcast.json.UnreadableJsonException;
import dev.runcast.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MetadataDocumentTest {
  private static final JsonText JSON = new JsonText(100);

  @Test
  void putsAndDeletesMembers() {
    assertThat(apply(null, put("a", "1"))).isEqualTo("{\"a\":1}");
    assertThat(apply("{\"a\":1}", put("a", "{\"b\":[2]}"))).isEqualTo("{\"a\":{\"b\":[2]}}");
    assertThat(apply("{\"a\":1,\"b\":2}", delete("a"))).isEqualTo("{\"b\":2}");
    assertThat(apply("{\"a\":1}", delete("b"))).isEqualTo("{\"a\":1}");
    assertThat(apply("{\"a\":1}", put("a", "null"))).isEqualTo("{\"a\":null}");
  }

  @Test
  void appendsToArraysAndMakesThemOfTheRest() {
    assertThat(apply("{}", append("a", "1"))).isEqualTo("{\"a\":[1]}");
    assertThat(apply("{\"a\":[1]}", append("a", "[2]"))).isEqualTo("{\"a\":[1,[2]]}");
    assertThat(apply("{\"a\":\"x\"}", append("a", "1"))).isEqualTo("{\"a\":[\"x\",1]}");
  }

  @Test
  void removesEveryEqualElementOfAnArrayAndNothingElse() {
    assertThat(apply("{\"a\":[1,2,1.0,\"1\"]}", remove("a", "1"))).isEqualTo("{\"a\":[2,\"1\"]}");
    assertThat(apply("{\"a\":[{\"x\":1,\"y\":2.0}]}", remove("a", "{\"y\":2,\"x\":1}")))
        .isEqualTo("{\"a\":[]}");
    assertThat(apply("{\"a\":1}", remove("a", "1"))).isEqualTo("{\"a\":1}");
    assertThat(apply("{}", remove("a", "1"))).isEqualTo("{}");
  }

  @Test
  void incrementsAsJavaScriptAdds() {
    assertThat(apply("{\"a\":1}", increment("a", 2))).isEqualTo("{\"a\":3}");
    assertThat(apply("{\"a\":1}", increment("a", -2))).isEqualTo("{\"a\":-1}");
    assertThat(apply("{\"a\":0.1}", increment("a", 0.2))).isEqualTo("{\"a\":0.30000000000000004}");
    assertThat(apply("{\"a\":\"7\"}", increment("a", 1))).isEqualTo("{\"a\":1}");
    assertThat(apply("{}", increment("$.n.m", 1))).isEqualTo("{\"n\":{\"m\":1}}");
    assertThat(apply("{\"a\":1.5}", increment("a", 0.5))).isEqualTo("{\"a\":2}");
  }

  @Test
  void refusesASumBeyondAllNumbers() {
    assertThatThrownBy(() -> apply("{\"a\":1.7e308}", increment("a", 1.7e308)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(apply("{\"a\":1e999999999}", put("b", "1"))).contains("\"b\":1");
  }

  @Test
  void replacesTheWholeDocumentAndGoesOnWithTheNewOne() {
    Replace replace = new Replace((ObjectNode) json("{\"z\":1}"));

    assertThat(apply("{\"a\":1}", put("b", "2"), replace, increment("z", 1)))
        .isEqualTo("{\"z\":2}");
    assertThat(apply("{\"a\":1}", replace)).isEqualTo("{\"z\":1}");
  }

  @Test
  void followsPathsIntoObjectsAndArrays() {
    String stored = "{\"steps\":[{\"state\":\"new\"},{\"state\":\"new\"}]}";

    assertThat(apply(stored, put("$.steps.1.state", "\"done\"")))
        .isEqualTo("{\"steps\":[{\"state\":\"new\"},{\"state\":\"done\"}]}");
    assertThat(apply(stored, put("$.steps.2", "3"))).endsWith("{\"state\":\"new\"},3]}");
    assertThat(apply("{}", put("$.a.b.c", "1"))).isEqualTo("{\"a\":{\"b\":{\"c\":1}}}");
    assertThat(apply("{}", append("$.a.b", "1"))).isEqualTo("{\"a\":{\"b\":[1]}}");
    assertThat(apply("{}", put("$.a\\.b", "1"))).isEqualTo("{\"a.b\":1}");
  }

  @Test
  void aPathThatLeadsNowhereChangesNothing() {
    assertThat(apply("{\"a\":1}", put("$.a.b", "2"))).isEqualTo("{\"a\":1}");
    assertThat(apply("{\"a\":[]}", put("$.a.5", "2"))).isEqualTo("{\"a\":[]}");
    assertThat(apply("{\"a\":[]}", put("$.a.5.b", "2"))).isEqualTo("{\"a\":[]}");
    assertThat(apply("{\"a\":[]}", put("$.a.b", "2"))).isEqualTo("{\"a\":[]}");
  }

  @Test
  void deletesByTheLiteralName() {
    assertThat(apply("{\"$.a\":1,\"a\":2}", new Delete(MetadataPath.literal("$.a"))))
        .isEqualTo("{\"a\":2}");
  }

  @Test
  void refusesKeysThatWouldReachAPrototype() {
    for (String key :
        List.of(
            "__proto__", "constructor", "$.a.__proto__", "$.constructor.x", "$.prototype", "")) {
      assertThatThrownBy(() -> MetadataPath.parse(key))
          .as(key)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> MetadataPath.parse("$.")).hasMessageContaining("empty step");
    assertThatThrownBy(() -> MetadataPath.parse("$.a..b")).hasMessageContaining("empty step");
    assertThatThrownBy(() -> MetadataPath.parse("$" + ".a".repeat(65)))
        .hasMessageContaining("more than 64 steps");
    assertThatThrownBy(() -> MetadataPath.literal("__proto__"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void takesWhatIsNoObjectForNoMetadata() {
    assertThat(apply("[1]", put("a", "1"))).isEqualTo("{\"a\":1}");
    assertThat(apply("not json", put("a", "1"))).isEqualTo("{\"a\":1}");
  }

  @Test
  void doesNotShareValuesBetweenPlaces() {
    JsonNode shared = json("{\"n\":0}");

    String result =
        apply(
            "{}",
            new Put(MetadataPath.parse("a"), shared),
            new Put(MetadataPath.parse("b"), shared),
            increment("$.a.n", 1));

    assertThat(result).isEqualTo("{\"a\":{\"n\":1},\"b\":{\"n\":0}}");
  }

  @Test
  void agreesWithASimpleModelOnRandomOperations() {
    Seeds.each(
        2_000,
        random -> {
          String text = null;
          MetadataModel model = new MetadataModel();
          for (int i = 0; i < 12; i++) {
            List<MetadataOperation> operations = new ArrayList<>();
            for (int n = random.nextInt(3); n >= 0; n--) {
              operations.add(randomOperation(random, model));
            }
            text = MetadataDocument.apply(text, operations);
            assertThat(text).isEqualTo(model.text());
          }
        });
  }

  private static MetadataOperation randomOperation(Random random, MetadataModel model) {
    List<String> steps = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      steps.add(List.of("a", "b", "0", "1", "2").get(random.nextInt(5)));
    }
    MetadataPath path = MetadataPath.parse("$." + String.join(".", steps));
    String value =
        List.of("1", "2", "[]", "[1,2]", "{}", "{\"a\":[0]}", "\"s\"").get(random.nextInt(7));
    return switch (random.nextInt(6)) {
      case 0 -> {
        model.put(steps, value);
        yield new Put(path, json(value));
      }
      case 1 -> {
        model.append(steps, value);
        yield new Append(path, json(value));
      }
      case 2 -> {
        model.remove(steps, value);
        yield new Remove(path, json(value));
      }
      case 3 -> {
        int by = random.nextInt(5) - 2;
        model.increment(steps, by);
        yield new Increment(path, by);
      }
      case 4 -> {
        model.delete(steps.get(0));
        yield delete(steps.get(0));
      }
      default -> {
        model.put(List.of(steps.get(0)), value);
        yield put(steps.get(0), value);
      }
    };
  }

  private static String apply(String stored, MetadataOperation... operations) {
    return MetadataDocument.apply(stored, List.of(operations));
  }

  private static Put put(String key, String value) {
    return new Put(MetadataPath.parse(key), json(value));
  }

  private static Append append(String key, String value) {
    return new Append(MetadataPath.parse(key), json(value));
  }

  private static Remove remove(String key, String value) {
    return new Remove(MetadataPath.parse(key), json(value));
  }

  private static Increment increment(String key, double by) {
    return new Increment(MetadataPath.parse(key), by);
  }

  private static Delete delete(String key) {
    return new Delete(MetadataPath.literal(key));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.read(text);
    } catch (UnreadableJsonException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
