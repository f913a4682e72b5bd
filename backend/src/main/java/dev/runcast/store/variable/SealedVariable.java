package dev.runcast.store.variable;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * An environment variable whose value only the holder of the master key can read.
 *
 * @param masterKeyId which master key opens it
 * @param secret whether its value is never told again; null, when it is put, to leave that as it is
 */
public record SealedVariable(
    String name, Buffer sealed, String masterKeyId, @Nullable Boolean secret) {}
