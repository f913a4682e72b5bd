/**
 * The whole from outside: real nodes as processes of their own, a real Postgres, real clients. One
 * behaviour a class. What a test stands on is in {@link dev.runcast.it.harness}.
 */
@NullMarked
package dev.runcast.it;

import org.jspecify.annotations.NullMarked;
