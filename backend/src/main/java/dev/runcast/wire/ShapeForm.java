package dev.runcast.wire;

/**
 * How a follower by long poll is shown rows.
 *
 * @param legacy for clients of the generation before the last: they know fewer statuses, and insist
 *     on some columns
 */
public record ShapeForm(Columns columns, boolean legacy) {}
