/**
 * What fan-out is compared with: nginx with its nchan module, one worker, in a directory of its own
 * and on a free port of loopback ({@link dev.runcast.it.bench.nchan.Nchan}), and who publishes to
 * it over kept-alive connections ({@link dev.runcast.it.bench.nchan.NchanPublisher}). Where it is
 * not installed, what compares with it is left out, and the report says so.
 */
@NullMarked
package dev.runcast.it.bench.nchan;

import org.jspecify.annotations.NullMarked;
