package dev.runcast.http.realtime.shape;

import dev.runcast.run.Bookmark;

/**
 * Where a client is, as it sends it back: a bookmark, and of a feed of one run the version that it
 * was told, so that not even a read of the table tells it again.
 *
 * <p>Written {@code bookmark} or {@code bookmark!version}.
 *
 * @param version 0 where it is not known
 */
record ShapeOffset(Bookmark bookmark, long version) {
  private static final char VERSION = '!';

  /**
   * @throws IllegalArgumentException if the text is no offset that this service has given
   */
  static ShapeOffset parse(String text) {
    int mark = text.indexOf(VERSION);
    return mark < 0
        ? new ShapeOffset(Bookmark.parse(text), 0)
        : new ShapeOffset(
            Bookmark.parse(text.substring(0, mark)), Long.parseLong(text.substring(mark + 1)));
  }

  @Override
  public String toString() {
    return version == 0 ? bookmark.toString() : bookmark.toString() + VERSION + version;
  }
}
