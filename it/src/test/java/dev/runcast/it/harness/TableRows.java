package dev.runcast.it.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs in one comparable line each, from the table and from a client: version, status, tags and the
 * wide columns.
 */
public final class TableRows {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, String> API_STATUS =
      Map.of(
          "PENDING", "QUEUED",
          "WAITING_FOR_DEPLOY", "PENDING_VERSION",
          "RETRYING_AFTER_FAILURE", "EXECUTING",
          "WAITING_TO_RESUME", "WAITING",
          "PAUSED", "WAITING",
          "COMPLETED_SUCCESSFULLY", "COMPLETED",
          "COMPLETED_WITH_ERRORS", "FAILED",
          "INTERRUPTED", "FAILED");
  private static final List<String> WIDE = List.of("payload", "output", "metadata", "error");

  private TableRows() {}

  /** What a client holds. */
  public static Map<String, String> of(ClientModel model) {
    Map<String, String> lines = new TreeMap<>();
    model
        .rows()
        .forEach(
            (id, held) -> {
              JsonNode row = held.columns();
              StringBuilder line = start(held.version(), held.status(), row.path("tags"));
              WIDE.forEach(name -> line.append(' ').append(row.path(name)));
              lines.put(id, line.toString());
            });
    return lines;
  }

  static Map<String, String> read(
      TestDatabase database, String environment, String where, Object... parameters) {
    String sql =
        "select id, version, status, tags, payload, output, metadata, error from run"
            + " where status <> 'DELETED' and environment_id = ? and "
            + where;
    try (Connection connection = database.connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, environment);
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 2, parameters[i]);
      }
      Map<String, String> lines = new TreeMap<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          lines.put(rows.getString("id"), line(rows));
        }
      }
      return lines;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String line(ResultSet row) throws SQLException {
    String status = row.getString("status");
    JsonNode tags = JSON.valueToTree(Arrays.asList((Object[]) row.getArray("tags").getArray()));
    StringBuilder line =
        start(row.getLong("version"), API_STATUS.getOrDefault(status, status), tags);
    for (String name : WIDE) {
      line.append(' ').append(decoded(row.getString(name)));
    }
    return line.toString();
  }

  private static StringBuilder start(long version, String status, JsonNode tags) {
    return new StringBuilder().append(version).append(' ').append(status).append(' ').append(tags);
  }

  private static JsonNode decoded(String text) {
    if (text == null) {
      return NullNode.getInstance();
    }
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(text);
    }
  }
}
