/**
 * The tables that the engine writes, each a type of few verbs over a {@link
 * dev.runcast.store.Transaction}: what is inserted, locked, updated and removed, and the SQL that
 * does it.
 *
 * <p>Nothing is decided here: which status may follow which, what a limit is and when a row is due
 * are the engine's. A table type holds nothing but the transaction it was made for.
 */
@NullMarked
package dev.runcast.store.table;

import org.jspecify.annotations.NullMarked;
