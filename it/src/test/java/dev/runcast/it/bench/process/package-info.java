/**
 * The programs that a benchmark starts, and what they cost: {@link
 * dev.runcast.it.bench.process.Children} stops every one of them however the benchmark ends, {@link
 * dev.runcast.it.bench.process.Usage} reads from Linux's {@code /proc} what processor time and
 * memory one has taken.
 */
@NullMarked
package dev.runcast.it.bench.process;

import org.jspecify.annotations.NullMarked;
