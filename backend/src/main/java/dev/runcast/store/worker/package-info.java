/**
 * The workers that know tasks: which builds there are, and the tasks of each. What is decided by
 * them is the engine's.
 */
@NullMarked
package dev.runcast.store.worker;

import org.jspecify.annotations.NullMarked;
