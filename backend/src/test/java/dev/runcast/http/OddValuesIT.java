package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.http.Caller.Reply;
import dev.runcast.http.Sample.Kind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every member of the bodies, every parameter and every header that routes read, one at a time,
 * with values of all sorts: each is taken or refused, and whatever was taken can be read.
 */
class OddValuesIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Apart from the others, for it keeps what bodies make: more runs than one poll answers with. */
  @RegisterExtension static final TableServer FILLED = new TableServer();

  @RegisterExtension static final TableServer SERVER = new TableServer();

  static Stream<Sample> bodies() {
    return RouteTable.SAMPLES.stream()
        .filter(Sample::hasBody)
        .filter(sample -> sample.contents().kind() != Kind.BYTES)
        .map(
            sample ->
                sample.with(
                    OddValues.WHOLE.getOrDefault(sample.route(), sample.contents().text())));
  }

  static Stream<Sample> calls() {
    return RouteTable.calls();
  }

  @Test
  void everyRouteIsTried() {
    assertThat(RouteTable.routes())
        .isEqualTo(SERVER.routes())
        .containsAll(OddValues.WHOLE.keySet());
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void eachMemberOfABodyIsTakenOrRefused(Sample sample) {
    List<String> others = new ArrayList<>();
    JsonNode whole = read(sample.contents().text());
    for (String value : OddValues.VALUES) {
      others.add(value);
      replaceEach(whole, read(value), changed -> others.add(changed.toString()));
    }
    for (String other : others) {
      Reply reply = FILLED.call(sample, WholeServer.SECRET, BodyPublishers.ofString(other));
      Refusals.answered(sample + " " + (other.length() < 500 ? other : other.length()), reply);
    }
    whatIsStoredCanBeRead();
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts a value in the place of each member and element in turn, however deep. */
  private static void replaceEach(JsonNode whole, JsonNode value, Consumer<JsonNode> then) {
    replaceWithin(whole, whole, value, then);
  }

  private static void replaceWithin(
      JsonNode whole, JsonNode within, JsonNode value, Consumer<JsonNode> then) {
    if (within instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      for (Iterator<String> each = object.fieldNames(); each.hasNext(); ) {
        names.add(each.next());
      }
      for (String name : names) {
        JsonNode before = object.get(name);
        object.set(name, value);
        then.accept(whole);
        object.set(name, before);
        replaceWithin(whole, before, value, then);
      }
    } else if (within instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        JsonNode before = array.get(i);
        array.set(i, value);
        then.accept(whole);
        array.set(i, before);
        replaceWithin(whole, before, value, then);
      }
    }
  }

  private static void whatIsStoredCanBeRead() {
    for (String list : new String[] {"/api/v1/runs", "/api/v1/waitpoints/tokens"}) {
      Sample listing =
          RouteTable.SAMPLES.stream()
              .filter(each -> each.toString().equals("GET " + list))
              .findFirst()
              .orElseThrow();
      Reply page = FILLED.call(listing.at(list + "?page%5Bsize%5D=100"), WholeServer.SECRET);
      assertThat(page.status()).as(page.toString()).isEqualTo(200);
      JsonArray found = new JsonObject(page.body()).getJsonArray("data");
      String one = list.equals("/api/v1/runs") ? "/api/v3/runs/" : list + "/";
      for (Object each : found) {
        String path = one + ((JsonObject) each).getString("id");
        assertThat(FILLED.call(listing.at(path), WholeServer.SECRET).status())
            .as(path)
            .isEqualTo(200);
      }
    }
  }

  static Stream<Arguments> parameters() {
    return RouteTable.calls()
        .map(sample -> sample.at(sample.path() + (sample.path().contains("?") ? "&" : "?")))
        .flatMap(
            sample ->
                OddValues.PARAMETERS.entrySet().stream()
                    .filter(entry -> sample.toString().startsWith(entry.getKey()))
                    .flatMap(entry -> entry.getValue().stream())
                    .map(name -> Arguments.of(sample, name)));
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void eachParameterIsTakenOrRefused(Sample sample, String parameter) {
    String name = parameter.replace("[", "%5B").replace("]", "%5D");
    for (String value : OddValues.IN_A_QUERY) {
      Sample odd = sample.at(sample.path() + name + "=" + value);
      Reply reply = SERVER.call(odd, WholeServer.SECRET);
      if (reply.status() != 409) {
        Refusals.answered(odd.toString(), reply);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void eachHeaderIsTakenOrRefused(Sample sample) {
    for (String header : OddValues.HEADERS) {
      for (String value : OddValues.IN_A_HEADER) {
        Reply reply = SERVER.call(sample, WholeServer.SECRET, header, value);
        if (reply.status() != 412) {
          Refusals.answered(sample + " " + header + ": " + value, reply);
        }
      }
    }
  }
}
