package dev.runcast.http.inside;

import dev.runcast.run.Filter;
import dev.runcast.run.FilterKey;
import dev.runcast.run.RunStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A feed, as the path and query by which it is asked for. */
final class FeedAddress {
  private FeedAddress() {}

  static String of(Filter filter) {
    String path = "/realtime/v1/runs";
    List<String> query = new ArrayList<>();
    for (FilterKey key : filter.keys()) {
      String value = encoded(key.value());
      switch (key.kind()) {
        case RUN -> path = "/realtime/v1/runs/" + value;
        case BATCH -> path = "/realtime/v1/batches/" + value;
        case PARENT -> query.add("parent=" + value);
        case TAG -> query.add("tag=" + value);
        case ENVIRONMENT, CHUNKS -> {}
      }
    }
    Filter.Narrowing narrowing = filter.narrowing();
    if (narrowing.createdAfter() != null) {
      query.add("createdAt=" + narrowing.createdAfter());
    }
    if (!narrowing.statuses().isEmpty()) {
      query.add("status=" + joined(narrowing.statuses().stream().map(RunStatus::apiName).toList()));
    }
    if (!narrowing.tasks().isEmpty()) {
      query.add("taskIdentifier=" + joined(narrowing.tasks()));
    }
    return query.isEmpty() ? path : path + "?" + String.join("&", query);
  }

  private static String joined(Collection<String> values) {
    return values.stream().sorted().map(FeedAddress::encoded).collect(Collectors.joining(","));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("%3A", ":");
  }
}
