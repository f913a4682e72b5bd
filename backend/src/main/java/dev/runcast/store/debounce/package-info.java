/**
 * Which runs debounce keys stand for, and how those are pushed on.
 *
 * <p>They are rows of their own and no index of runs: one that holds only what is delayed would
 * read the status, and no update of a run's status would be HOT any more. So triggers without a key
 * pay nothing for them.
 *
 * <p>A key's row is locked before its run's, and the rows of several keys in one order: no two
 * triggers wait for each other's. What a run is pushed to, and when the key goes to another, is the
 * engine's to say.
 */
@NullMarked
package dev.runcast.store.debounce;

import org.jspecify.annotations.NullMarked;
