package dev.runcast.http.api.list;

import dev.runcast.http.ApiException;
import dev.runcast.http.api.request.Generation;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.RunQuery;
import dev.runcast.store.RunQuery.Field;
import io.vertx.core.MultiMap;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Query strings that list runs. */
public final class ListParser {
  private static final Map<String, Field> FIELDS =
      Map.of(
          "filter[taskIdentifier]", Field.TASK,
          "filter[version]", Field.VERSION,
          "filter[batch]", Field.BATCH,
          "filter[queue]", Field.QUEUE,
          "filter[machine]", Field.MACHINE,
          "filter[region]", Field.REGION,
          "filter[schedule]", Field.SCHEDULE);

  private final InstantSource clock;

  public ListParser(InstantSource clock) {
    this.clock = clock;
  }

  /** The list that a query string asks for, in the words of a generation of clients. */
  public RunQuery parse(EnvironmentId environment, MultiMap query, Generation generation) {
    String bulk = "filter[bulkAction]";
    if (query.contains(bulk)) {
      throw ApiException.badRequest(
          bulk, bulk + " is not served: there are no bulk actions here; leave it out.");
    }
    Paging.Created created = Paging.created(query, clock);
    return new RunQuery(
        environment,
        oneOf(query, generation),
        Paging.values(query, "filter[id]"),
        Paging.values(query, "filter[tag]"),
        isTest(query),
        created.from(),
        created.to(),
        Paging.page(query));
  }

  private static Map<Field, Set<String>> oneOf(MultiMap query, Generation generation) {
    Map<Field, Set<String>> oneOf = new EnumMap<>(Field.class);
    FIELDS.forEach(
        (name, field) -> {
          Set<String> values = Paging.values(query, name);
          if (!values.isEmpty()) {
            oneOf.put(field, values);
          }
        });
    Set<String> statuses = Paging.values(query, "filter[status]");
    if (!statuses.isEmpty()) {
      oneOf.put(
          Field.STATUS,
          statuses.stream()
              .flatMap(name -> stored(name, generation).stream())
              .collect(Collectors.toUnmodifiableSet()));
    }
    return oneOf;
  }

  /** Every stored status that a name stands for, be it the client's or the stored one. */
  private static Set<String> stored(String name, Generation generation) {
    Set<String> found =
        Arrays.stream(RunStatus.values())
            .filter(status -> status != RunStatus.DELETED)
            .filter(status -> generation.name(status).equals(name) || status.name().equals(name))
            .map(RunStatus::name)
            .collect(Collectors.toUnmodifiableSet());
    if (found.isEmpty()) {
      Set<String> names =
          Arrays.stream(RunStatus.values())
              .filter(status -> status != RunStatus.DELETED)
              .map(generation::name)
              .collect(Collectors.toCollection(TreeSet::new));
      throw ApiException.badRequest(
          "filter[status]",
          "filter[status] must name statuses of " + String.join(", ", names) + ".");
    }
    return found;
  }

  private static @Nullable Boolean isTest(MultiMap query) {
    String text = query.get("filter[isTest]");
    if (text == null || text.isEmpty()) {
      return null;
    }
    if (!text.equals("true") && !text.equals("false")) {
      throw ApiException.badRequest("filter[isTest]", "filter[isTest] must be true or false.");
    }
    return Boolean.valueOf(text);
  }
}
