/**
 * Fan-out: how many deliveries a server makes for each second of processor time that it takes.
 * {@link dev.runcast.it.bench.fanout.Side}s are measured in turn with the same load: nchan, the hub
 * fed without a database, and the whole service behind a real one.
 */
@NullMarked
package dev.runcast.it.bench.fanout;

import org.jspecify.annotations.NullMarked;
