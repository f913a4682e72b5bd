package dev.runcast.run.place;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client resumes with. It says: everything at or before {@code position} that this feed
 * should see has been sent; and, good for ever, everything written by a transaction below {@code
 * horizon} has been. A cursor made from a read has no position.
 *
 * <p>Printed as {@code incarnation.horizon}, then, each optional, {@code .LSN.index} or {@code
 * .p.xid.run} for a place within a read and {@code .f} when that read is a full one: URL-safe
 * ASCII.
 *
 * @param horizon an xid, always one that came back through the stream
 * @param page where an interrupted read goes on; never together with a position
 */
public record Cursor(
    Incarnation incarnation, long horizon, @Nullable Position position, @Nullable Page page) {

  /**
   * A place within a read, which goes by (xid, run id).
   *
   * @param full whether the read covers everything rather than what changed since the horizon; the
   *     client then drops, at its end, what it did not give
   * @param run empty before the first row of this xid
   * @param chunks where the chunks have got that come before the rows; null once they are done
   */
  public record Page(boolean full, long xid, String run, @Nullable Chunks chunks) {

    /** Among the rows. */
    public Page(boolean full, long xid, String run) {
      this(full, xid, run, null);
    }
  }

  /**
   * A place among the chunks of a read, which go by (run, stream, number). The page's {@code xid}
   * is then the horizon at which the read began and its {@code run} the run of the chunk.
   *
   * @param from the xid that those begin with that are read; 0 for all
   */
  public record Chunks(String stream, long seq, long from) {}

  private static final Pattern FORM =
      Pattern.compile(
          "([0-9a-z]{1,13}-[0-9a-z]{1,7})\\.([0-9]{1,19})"
              + "(?:\\.([0-9A-F]{1,8})-([0-9A-F]{1,8})\\.([0-9]{1,9}|e)"
              + "|\\.([pf])\\.([0-9]{1,19})\\.([A-Za-z0-9_]{0,64})"
              + "(?:\\.([0-9]{1,18})\\.([0-9]{1,18})\\.([A-Za-z0-9_-]{0,700}))?)?");

  /** A cursor as a read gives it. */
  public static Cursor ofRead(Incarnation incarnation, long horizon) {
    return new Cursor(incarnation, horizon, null, null);
  }

  /**
   * Reads what {@link #toString} printed.
   *
   * @throws IllegalArgumentException on anything else
   */
  public static Cursor parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("not a cursor that this service has given");
    }
    Position position = null;
    if (form.group(3) != null) {
      Lsn lsn = Lsn.parse(form.group(3) + "/" + form.group(4));
      String index = form.group(5);
      position =
          index.equals("e") ? Position.endOf(lsn) : new Position(lsn, Integer.parseInt(index) - 1);
    }
    Page page = null;
    if (form.group(6) != null) {
      page =
          new Page(
              form.group(6).equals("f"),
              Long.parseLong(form.group(7)),
              form.group(8),
              form.group(9) == null ? null : chunks(form));
    }
    return new Cursor(
        Incarnation.parse(form.group(1)), Long.parseLong(form.group(2)), position, page);
  }

  private static Chunks chunks(Matcher form) {
    byte[] stream = Base64.getUrlDecoder().decode(form.group(11));
    return new Chunks(
        new String(stream, StandardCharsets.UTF_8),
        Long.parseLong(form.group(9)),
        Long.parseLong(form.group(10)));
  }

  /**
   * Of who was given rows, but none of their chunks: from a read at this horizon it goes on as any
   * other, its chunks begin with the first.
   */
  public static Cursor withoutChunks(Incarnation incarnation, long horizon) {
    return new Cursor(incarnation, horizon, null, new Page(false, horizon, ""));
  }

  /** Whether it is {@link #withoutChunks}. */
  public boolean lacksChunks() {
    return page != null && page.equals(new Page(false, horizon, ""));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder().append(incarnation).append('.').append(horizon);
    if (position != null) {
      text.append('.').append(position.lsn().toString().replace('/', '-'));
      text.append('.').append(position.isEnd() ? "e" : position.index() + 1);
    } else if (page != null) {
      text.append(page.full() ? ".f." : ".p.").append(page.xid()).append('.').append(page.run());
      if (page.chunks() != null) {
        text.append('.').append(page.chunks().seq()).append('.').append(page.chunks().from());
        text.append('.').append(encoded(page.chunks().stream()));
      }
    }
    return text.toString();
  }

  private static String encoded(String stream) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(stream.getBytes(StandardCharsets.UTF_8));
  }
}
