/** What runs that are executed wait for, and what came of it. */
@NullMarked
package dev.runcast.store.wait;

import org.jspecify.annotations.NullMarked;
