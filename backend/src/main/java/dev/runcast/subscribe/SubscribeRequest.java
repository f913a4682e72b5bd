package dev.runcast.subscribe;

import dev.runcast.run.Cursor;
import dev.runcast.run.Filter;
import dev.runcast.wire.Columns;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks to follow, already authorised.
 *
 * @param after where the client was; null for everything from the start
 * @param fromNow only what happens from now on; {@code after} wins when both are given
 * @param stopOnCompletion end once the one run followed is done; only with {@link Filter.ByRun}
 */
public record SubscribeRequest(
    Filter filter,
    Columns columns,
    @Nullable Cursor after,
    boolean fromNow,
    boolean stopOnCompletion) {}
