/**
 * The socket from outside: the golden transcripts of what is said on it, which clients are tested
 * with too, two nodes, a proxy's TLS, and clients that mean no good.
 */
@NullMarked
package dev.runcast.it.socket;

import org.jspecify.annotations.NullMarked;
