package dev.runcast.http.api.request;

import dev.runcast.http.ApiException;
import dev.runcast.json.JsonText;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.RunQuery;
import dev.runcast.store.RunQuery.Field;
import dev.runcast.store.RunQuery.Place;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Query strings that list runs: {@code filter[…]} and {@code page[…]}. Several values stand behind
 * each other, divided by commas, or in parameters of the same name.
 */
public final class ListParser {
  private static final int DEFAULT_SIZE = 25;
  private static final int MAX_SIZE = 100;
  private static final int MAX_VALUES = 100;
  private static final long MAX_MILLIS = 253_402_300_799_999L; // the end of the year 9999

  private static final Pattern MARK = Pattern.compile("([0-9]{1,18})\\.([^.]+)\\.([0-9]{1,8})");

  private static final String AFTER = "page[after]";
  private static final String BEFORE = "page[before]";

  private static final Map<String, Field> FIELDS =
      Map.of(
          "filter[taskIdentifier]", Field.TASK,
          "filter[version]", Field.VERSION,
          "filter[batch]", Field.BATCH,
          "filter[queue]", Field.QUEUE,
          "filter[machine]", Field.MACHINE,
          "filter[region]", Field.REGION);

  private final InstantSource clock;

  public ListParser(InstantSource clock) {
    this.clock = clock;
  }

  /** The list that a query string asks for, in the words of a generation of clients. */
  public RunQuery parse(EnvironmentId environment, MultiMap query, Generation generation) {
    for (String unknown : new String[] {"filter[bulkAction]", "filter[schedule]"}) {
      if (query.contains(unknown)) {
        throw ApiException.badRequest(
            unknown, unknown + " is not served: there are none of these here; leave it out.");
      }
    }
    return new RunQuery(
        environment,
        oneOf(query, generation),
        values(query, "filter[tag]"),
        isTest(query),
        from(query),
        time(query, "filter[createdAt][to]"),
        page(query));
  }

  private static Map<Field, Set<String>> oneOf(MultiMap query, Generation generation) {
    Map<Field, Set<String>> oneOf = new EnumMap<>(Field.class);
    FIELDS.forEach(
        (name, field) -> {
          Set<String> values = values(query, name);
          if (!values.isEmpty()) {
            oneOf.put(field, values);
          }
        });
    Set<String> statuses = values(query, "filter[status]");
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

  private static Set<String> values(MultiMap query, String name) {
    Set<String> values = new LinkedHashSet<>();
    for (String given : query.getAll(name)) {
      Arrays.stream(given.split(",")).filter(value -> !value.isEmpty()).forEach(values::add);
    }
    if (values.size() > MAX_VALUES) {
      throw ApiException.badRequest(
          name,
          "%s has %d values, over the limit of %d; ask several times."
              .formatted(name, values.size(), MAX_VALUES));
    }
    if (!values.stream().allMatch(JsonText::isStorable)) {
      throw ApiException.badRequest(name, name + " holds a NUL character; remove it.");
    }
    return values;
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

  private @Nullable Instant from(MultiMap query) {
    String name = "filter[createdAt][period]";
    String period = query.get(name);
    if (period == null || period.isEmpty()) {
      return time(query, "filter[createdAt][from]");
    }
    return clock.instant().minus(TimesParser.span(name, period));
  }

  /** Milliseconds since 1970, as the SDK writes them, or a date of ISO 8601. */
  private static @Nullable Instant time(MultiMap query, String name) {
    String text = query.get(name);
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      if (!text.matches("[0-9]{1,15}")) {
        return OffsetDateTime.parse(text).toInstant();
      }
      return Instant.ofEpochMilli(Math.min(Long.parseLong(text), MAX_MILLIS));
    } catch (DateTimeException notADate) {
      throw ApiException.badRequest(
          name, name + " must be milliseconds since 1970 or a date of ISO 8601.");
    }
  }

  /** A place, and by how many turns of the page a client has come to be given it. */
  private record Mark(Place place, int turn) {}

  /**
   * A client that turns back sends the new cursor and still the one that had brought it where it
   * was: the one that it was given last counts.
   */
  private static RunQuery.Page page(MultiMap query) {
    Mark after = mark(query, AFTER);
    Mark before = mark(query, BEFORE);
    if (after != null && before != null) {
      if (after.turn == before.turn) {
        throw ApiException.badRequest(
            BEFORE, "page[after] and page[before] exclude each other; give one of them.");
      }
      after = after.turn > before.turn ? after : null;
      before = after == null ? before : null;
    }
    return new RunQuery.Page(
        size(query),
        after != null ? after.turn : before != null ? before.turn : 0,
        after == null ? null : after.place,
        before == null ? null : before.place);
  }

  private static int size(MultiMap query) {
    String text = query.get("page[size]");
    if (text == null || text.isEmpty()) {
      return DEFAULT_SIZE;
    }
    int size = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    if (size < 1 || size > MAX_SIZE) {
      throw ApiException.badRequest("page[size]", "page[size] must be 1 to " + MAX_SIZE + ".");
    }
    return size;
  }

  /**
   * A place as clients are given it, to be handed back as it is.
   *
   * @param from the page that it is given with
   */
  public static String print(Place place, RunQuery.Page from) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, place.createdAt());
    String text = micros + "." + place.run() + "." + (from.turn() + 1);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable Mark mark(MultiMap query, String name) {
    String text = query.get(name);
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      Matcher form =
          MARK.matcher(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
      if (form.matches() && RunId.accepts(form.group(2))) {
        Instant time = Instant.EPOCH.plus(Long.parseLong(form.group(1)), ChronoUnit.MICROS);
        return new Mark(new Place(time, form.group(2)), Integer.parseInt(form.group(3)));
      }
    } catch (IllegalArgumentException notBase64) {
      // Falls through to the one refusal of all that is no cursor of ours.
    }
    throw ApiException.badRequest(
        name, name + " must be a cursor that a list's pagination has given.");
  }
}
