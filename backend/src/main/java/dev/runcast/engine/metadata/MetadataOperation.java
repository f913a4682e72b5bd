package dev.runcast.engine.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Comparator;

/** One step of a change of metadata; each means what the clients' own caches take it to mean. */
public sealed interface MetadataOperation {

  /** Applies it to a document, which it changes in place or replaces. */
  ObjectNode applyTo(ObjectNode document);

  /** Puts a value in a place. */
  record Put(MetadataPath path, JsonNode value) implements MetadataOperation {
    @Override
    public ObjectNode applyTo(ObjectNode document) {
      path.put(document, value.deepCopy());
      return document;
    }
  }

  /** Removes a member of the document itself. */
  record Delete(MetadataPath path) implements MetadataOperation {
    @Override
    public ObjectNode applyTo(ObjectNode document) {
      path.remove(document);
      return document;
    }
  }

  /** Adds a value at the end of an array; what is none becomes the first element of one. */
  record Append(MetadataPath path, JsonNode value) implements MetadataOperation {
    @Override
    public ObjectNode applyTo(ObjectNode document) {
      JsonNode present = path.in(document);
      if (present instanceof ArrayNode array) {
        array.add(value.deepCopy());
      } else {
        ArrayNode array = document.arrayNode();
        if (present != null) {
          array.add(present);
        }
        path.put(document, array.add(value.deepCopy()));
      }
      return document;
    }
  }

  /** Takes every element that equals a value out of an array; what is none stays as it is. */
  record Remove(MetadataPath path, JsonNode value) implements MetadataOperation {
    @Override
    public ObjectNode applyTo(ObjectNode document) {
      if (path.in(document) instanceof ArrayNode array) {
        ArrayNode kept = document.arrayNode(array.size());
        for (JsonNode element : array) {
          if (!element.equals(SAME, value)) {
            kept.add(element);
          }
        }
        path.put(document, kept);
      }
      return document;
    }

    /** Numbers are the same by value, as JavaScript has it: 1 and 1.0 are. */
    private static final Comparator<JsonNode> SAME =
        (one, other) -> {
          if (one.equals(other)) {
            return 0;
          }
          boolean numbers = one.isNumber() && other.isNumber();
          return numbers && one.doubleValue() == other.doubleValue() ? 0 : 1;
        };
  }

  /** Adds to a number, as JavaScript adds; what is none counts as zero. */
  record Increment(MetadataPath path, double by) implements MetadataOperation {
    private static final double EXACT = 1e21;

    /**
     * @throws IllegalStateException when the sum is no finite number
     */
    @Override
    public ObjectNode applyTo(ObjectNode document) {
      JsonNode present = path.in(document);
      double sum = (present != null && present.isNumber() ? present.doubleValue() : 0) + by;
      if (!Double.isFinite(sum)) {
        throw new IllegalStateException("an increment leads beyond the largest number");
      }
      path.put(document, number(document, sum));
      return document;
    }

    private static JsonNode number(ObjectNode document, double value) {
      return value == Math.rint(value) && Math.abs(value) < EXACT
          ? document.numberNode(new BigDecimal(value).toBigInteger())
          : document.numberNode(value);
    }
  }

  /** Replaces the whole document. */
  record Replace(ObjectNode value) implements MetadataOperation {
    @Override
    public ObjectNode applyTo(ObjectNode document) {
      return value.deepCopy();
    }
  }
}
