package dev.runcast.http.schedule;

import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The time zones of IANA that this Java knows. */
final class TimeZones {
  private static final String UTC = "UTC";
  private static final Set<String> KNOWN = ZoneId.getAvailableZoneIds();

  /** The others are older names of these, or no place at all. */
  private static final Pattern PLACE =
      Pattern.compile(
          "(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/.+");

  private static final List<String> PLACES =
      KNOWN.stream().filter(PLACE.asMatchPredicate()).sorted().toList();
  private static final List<String> ALL = Stream.concat(Stream.of(UTC), PLACES.stream()).toList();

  private TimeZones() {}

  /** Whether there is a zone of this name, be it an older one. */
  static boolean isOne(String name) {
    return KNOWN.contains(name) && !name.startsWith("SystemV/");
  }

  static List<String> names(boolean withUtc) {
    return withUtc ? ALL : PLACES;
  }
}
