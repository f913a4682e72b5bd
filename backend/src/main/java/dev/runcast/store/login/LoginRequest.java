package dev.runcast.store.login;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A command line tool that asks to be let in, as people see it.
 *
 * @param address from where it asks; null when that is not known
 * @param approved null when nobody has answered yet
 */
public record LoginRequest(
    String code,
    @Nullable String address,
    Instant askedAt,
    Instant expiresAt,
    @Nullable Boolean approved) {}
