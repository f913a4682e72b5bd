package dev.runcast.it.socket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.it.harness.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A golden transcript of what is said on one socket, in order. A step is one of
 *
 * <ul>
 *   <li>{@code {"client": {…}}} or {@code {"clientText": "…"}}: what the client sends
 *   <li>{@code {"service": {…}}}: what the service sends
 *   <li>{@code {"closed": "1001 shutdown"}}: status and reason of the close
 *   <li>{@code {"world": "insert" | "update" | "say" | "stop", …}}: what happens meanwhile
 * </ul>
 *
 * <p>Runs, tags, tokens and cursors have names in it ({@code run_1}, {@code token-1}, {@code
 * cursor-2}, which is the id of the second event that has one); all times are one and the same.
 *
 * @param content the file as it is
 */
record Transcript(String name, ObjectNode content) {
  static final Path DIRECTORY = Installation.root().resolve("it/protocol/socket");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** All there are, by their names. */
  static List<Transcript> all() {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.sorted().map(Transcript::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Transcript read(Path file) {
    try {
      String name = file.getFileName().toString().replace(".json", "");
      return new Transcript(name, (ObjectNode) JSON.readTree(file.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The scopes and the life of the tokens in it, by their names. */
  JsonNode tokens() {
    return content.path("tokens");
  }

  /** The token that the socket is opened with; empty for none. */
  String credential() {
    return content.path("opened").asText();
  }

  List<ObjectNode> steps() {
    List<ObjectNode> steps = new ArrayList<>();
    content.path("steps").forEach(step -> steps.add((ObjectNode) step));
    return steps;
  }

  /** Writes it anew, a step a line. */
  void write() {
    ObjectNode head = content.deepCopy();
    head.remove("steps");
    String fields =
        head.properties().stream()
            .map(field -> "  \"" + field.getKey() + "\": " + field.getValue() + ",\n")
            .collect(Collectors.joining());
    String steps = steps().stream().map(step -> "    " + step).collect(Collectors.joining(",\n"));
    try {
      Files.writeString(
          DIRECTORY.resolve(name + ".json"),
          "{\n" + fields + "  \"steps\": [\n" + steps + "\n  ]\n}\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
