package dev.runcast.http.realtime.shape;

import dev.runcast.http.realtime.FeedRequest;
import dev.runcast.run.Filter;
import dev.runcast.run.FilterKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client holds: rows of one feed, in one form, from its first request on. It is not kept
 * here but comes back with each request, and tells whether the offset beside it belongs to what is
 * asked for. One that was refused is never given again: it carries when it was made.
 *
 * <p>Written {@code feed-bound-made}, with {@code -n} behind it for a feed from now on; the bound
 * and the time in base 36.
 *
 * @param feed names the feed and its form
 * @param createdAfter the bound that the first request was given; null for none
 * @param fromNow whether it holds only what happened since
 * @param made in microseconds since 1970
 */
record ShapeHandle(String feed, @Nullable Instant createdAfter, boolean fromNow, long made) {
  private static final int RADIX = 36;
  private static final long MAX_SECONDS = Instant.parse("9999-12-31T00:00:00Z").getEpochSecond();
  private static final Pattern FORM =
      Pattern.compile("([0-9a-f]{16})-([0-9a-z]{0,10})-([0-9a-z]{1,12})(-n)?");

  /** A new one of this feed. */
  static ShapeHandle of(FeedRequest feed, boolean legacy, Instant now) {
    Instant bound = feed.idSuffix().isEmpty() ? null : narrowing(feed).createdAfter();
    return new ShapeHandle(nameOf(feed, legacy), bound, feed.subscribe().fromNow(), micros(now));
  }

  private static long micros(Instant now) {
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  /** The same, by another name: what the client held under this one is to be forgotten. */
  ShapeHandle madeAnew(Instant now) {
    return new ShapeHandle(feed, createdAfter, fromNow, Math.max(made + 1, micros(now)));
  }

  /** One that a client sends; null if it is none that this service has given. */
  static @Nullable ShapeHandle parse(@Nullable String text) {
    Matcher form = FORM.matcher(text == null ? "" : text);
    if (!form.matches()) {
      return null;
    }
    String bound = form.group(2);
    long seconds = bound.isEmpty() ? 0 : Long.parseLong(bound, RADIX);
    if (seconds > MAX_SECONDS) {
      return null;
    }
    return new ShapeHandle(
        form.group(1),
        bound.isEmpty() ? null : Instant.ofEpochSecond(seconds),
        form.group(4) != null,
        Long.parseLong(form.group(3), RADIX));
  }

  /** Whether it is of this feed in this form. */
  boolean isOf(FeedRequest request, boolean legacy) {
    return feed.equals(nameOf(request, legacy));
  }

  @Override
  public String toString() {
    String bound = createdAfter == null ? "" : Long.toString(createdAfter.getEpochSecond(), RADIX);
    return feed + '-' + bound + '-' + Long.toString(made, RADIX) + (fromNow ? "-n" : "");
  }

  private static Filter.Narrowing narrowing(FeedRequest feed) {
    return feed.subscribe().filter().narrowing();
  }

  /** The bound is left out where it is pinned: it may only come from the handle itself. */
  private static String nameOf(FeedRequest feed, boolean legacy) {
    Filter filter = feed.subscribe().filter();
    StringBuilder text = new StringBuilder(filter.environment().value());
    for (FilterKey key : filter.keys()) {
      text.append('\n').append(key.kind()).append(' ').append(key.value());
    }
    boolean pinned = !feed.idSuffix().isEmpty();
    text.append("\ncreated ").append(pinned ? "pinned" : narrowing(feed).createdAfter());
    text.append("\nin ").append(new TreeSet<>(narrowing(feed).statuses()));
    text.append("\nof ").append(new TreeSet<>(narrowing(feed).tasks()));
    text.append("\nwithout ").append(new TreeSet<>(feed.subscribe().columns().skipped()));
    return digest(text.append(legacy).toString());
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
