/**
 * What management requests say: JSON bodies and query strings as the words of {@code engine} and
 * {@code store}. Pure: parsers read no clock but the one they are given, and no database.
 *
 * <p>Whatever can't be understood or passes a limit is an {@link dev.runcast.http.ApiException}
 * whose sentence names the field, the limit and the cure: 400 for a value of the wrong kind, 422
 * for one that is refused, 413 for one that is too large. Unknown fields are ignored, as newer
 * clients may send them. An explicit {@code null} counts as absent.
 */
@NullMarked
package dev.runcast.http.api.request;

import org.jspecify.annotations.NullMarked;
