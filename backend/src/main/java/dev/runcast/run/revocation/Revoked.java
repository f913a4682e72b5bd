package dev.runcast.run.revocation;

import dev.runcast.run.place.Position;

/**
 * A revocation, as the log tells it.
 *
 * @param position where it stands in the log: what comes behind it is for nobody who is concerned
 */
public record Revoked(Position position, Revocation revocation) {}
