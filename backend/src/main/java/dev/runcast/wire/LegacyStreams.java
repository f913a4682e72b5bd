package dev.runcast.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.json.JsonText;
import dev.runcast.json.UnreadableJsonException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run's metadata as clients of the older generation want it, which learn of a run's streams
 * there. Stateless.
 */
final class LegacyStreams {
  private static final String MEMBER = "$$streams";
  private static final JsonText JSON = new JsonText(JsonText.MAX_DEPTH);

  private LegacyStreams() {}

  /** The metadata with the names of the streams in it; as it is where it is no object. */
  static @Nullable String in(
      @Nullable String metadata, @Nullable String type, List<String> streams) {
    if (streams.isEmpty()) {
      return metadata;
    }
    JsonNode read = read(metadata);
    boolean wrapped = Packet.SUPER_JSON_TYPE.equals(type);
    JsonNode object = wrapped && read != null ? read.get("json") : read;
    if (!(object instanceof ObjectNode members)) {
      return metadata;
    }
    members.set(MEMBER, names(members.get(MEMBER), streams));
    return JsonText.print(wrapped && read != null ? read : members);
  }

  private static @Nullable JsonNode read(@Nullable String metadata) {
    try {
      return metadata == null ? JsonNodeFactory.instance.objectNode() : JSON.read(metadata);
    } catch (UnreadableJsonException text) {
      return null;
    }
  }

  /** Those that a writer of that generation has put there, and the rest. */
  private static ArrayNode names(@Nullable JsonNode there, List<String> streams) {
    Set<String> names = new LinkedHashSet<>();
    if (there != null && there.isArray()) {
      there.forEach(name -> names.add(name.asText()));
    }
    names.addAll(streams);
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    names.forEach(array::add);
    return array;
  }
}
