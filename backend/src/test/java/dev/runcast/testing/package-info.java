/** What tests share: a throwaway Postgres, and what waits for the outcome of a Future. */
@NullMarked
package dev.runcast.testing;

import org.jspecify.annotations.NullMarked;
