/**
 * What the official clients meet: the batch in two phases, the long poll, and streams. A load
 * generator speaks as they do; they themselves are tried by the tests.
 */
@NullMarked
package dev.runcast.it.bench.clients;

import org.jspecify.annotations.NullMarked;
