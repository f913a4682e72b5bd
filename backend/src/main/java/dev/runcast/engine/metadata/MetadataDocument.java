package dev.runcast.engine.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.json.JsonText;
import dev.runcast.json.UnreadableJsonException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stored metadata, and what operations make of it. */
public final class MetadataDocument {
  private static final JsonText JSON = new JsonText(JsonText.MAX_DEPTH);

  private MetadataDocument() {}

  /**
   * The text after the operations, applied in order to the text before.
   *
   * @param stored null when there is no metadata yet; what is no JSON object, which only a writer
   *     of plain SQL can have stored, counts as none
   * @throws IllegalStateException when an increment leads beyond the largest number
   */
  public static String apply(@Nullable String stored, List<MetadataOperation> operations) {
    ObjectNode document = read(stored);
    for (MetadataOperation operation : operations) {
      document = operation.applyTo(document);
    }
    return JsonText.print(document);
  }

  private static ObjectNode read(@Nullable String stored) {
    try {
      JsonNode document = stored == null ? null : JSON.read(stored);
      return document instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    } catch (UnreadableJsonException notJson) {
      return JsonNodeFactory.instance.objectNode();
    }
  }
}
