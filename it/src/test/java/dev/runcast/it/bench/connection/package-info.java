/**
 * What one connection carries: many streams at a high rate, many subscriptions on a socket, and
 * counts of a large batch without its rows.
 */
@NullMarked
package dev.runcast.it.bench.connection;

import org.jspecify.annotations.NullMarked;
