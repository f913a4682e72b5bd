package dev.runcast.http.api.list;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.request.TimesParser;
import dev.runcast.json.JsonText;
import dev.runcast.run.RunId;
import dev.runcast.store.Page;
import dev.runcast.store.Page.Place;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What query strings of lists have in common: {@code page[…]}, {@code filter[createdAt][…]}, and
 * filters of several values, which stand behind each other, divided by commas, or in parameters of
 * the same name.
 */
public final class Paging {
  private static final int DEFAULT_SIZE = 25;
  private static final int MAX_SIZE = 100;

  /** What is passed over is read: a million takes Postgres about a second. */
  private static final int MAX_SKIP = 1_000_000;

  private static final int MAX_VALUES = 100;
  private static final long MAX_MILLIS = 253_402_300_799_999L; // the end of the year 9999

  private static final Pattern MARK = Pattern.compile("([0-9]{1,18})\\.([^.]+)\\.([0-9]{1,8})");

  private static final String AFTER = "page[after]";
  private static final String BEFORE = "page[before]";

  private Paging() {}

  /** When what is listed was made, at the earliest and at the latest; null for no bound. */
  public record Created(@Nullable Instant from, @Nullable Instant to) {}

  /** The values of a filter; none when it is absent. */
  public static Set<String> values(MultiMap query, String name) {
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
    values.forEach(value -> requireStorable(name, value));
    return values;
  }

  /** A filter of one value, which may hold commas; null when it is absent. */
  public static @Nullable String value(MultiMap query, String name) {
    String value = query.get(name);
    if (value == null || value.isEmpty()) {
      return null;
    }
    requireStorable(name, value);
    return value;
  }

  private static void requireStorable(String name, String value) {
    if (!JsonText.isStorable(value)) {
      throw ApiException.badRequest(name, name + " holds a NUL character; remove it.");
    }
  }

  /** The bounds of the time of creation, of which one may be a length of time until now. */
  public static Created created(MultiMap query, InstantSource clock) {
    String name = "filter[createdAt][period]";
    String period = query.get(name);
    Instant from =
        period == null || period.isEmpty()
            ? time(query, "filter[createdAt][from]")
            : clock.instant().minus(TimesParser.span(name, period));
    return new Created(from, time(query, "filter[createdAt][to]"));
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
   * The page that is asked for. A client that turns back sends the new cursor and still the one
   * that had brought it where it was: the one that it was given last counts.
   */
  public static Page page(MultiMap query) {
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
    return new Page(
        size(query),
        after != null ? after.turn : before != null ? before.turn : 0,
        after == null ? null : after.place,
        before == null ? null : before.place,
        skip(query));
  }

  private static int skip(MultiMap query) {
    String text = query.get("page[skip]");
    if (text == null || text.isEmpty()) {
      return 0;
    }
    int skip = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    if (skip < 0 || skip > MAX_SKIP) {
      throw ApiException.badRequest("page[skip]", "page[skip] must be 0 to " + MAX_SKIP + ".");
    }
    return skip;
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

  private static @Nullable Mark mark(MultiMap query, String name) {
    String text = query.get(name);
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      Matcher form =
          MARK.matcher(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
      // Ids of all kinds are of one form.
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

  /** Writes where the pages beside a page are, for a client to hand back as it is. */
  public static void write(JsonGenerator json, Page page, Page.Found<?> found) throws IOException {
    write(json, page, found, null);
  }

  /**
   * The same.
   *
   * @param passed how many rows were passed over to where nothing is; null to say nothing of it
   */
  public static void write(
      JsonGenerator json, Page page, Page.Found<?> found, @Nullable Long passed)
      throws IOException {
    json.writeObjectFieldStart("pagination");
    if (found.next() != null) {
      json.writeStringField("next", print(found.next(), page));
    }
    if (found.previous() != null) {
      json.writeStringField("previous", print(found.previous(), page));
    }
    if (passed != null) {
      json.writeNumberField("passed", passed);
    }
    json.writeEndObject();
  }

  private static String print(Place place, Page from) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, place.createdAt());
    String text = micros + "." + place.id() + "." + (from.turn() + 1);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
