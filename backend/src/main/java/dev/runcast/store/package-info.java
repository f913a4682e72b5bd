/**
 * All SQL. Reads and writes runs and what hangs on them through one pool of the reactive client;
 * nothing outside this package knows a table or a column.
 */
@NullMarked
package dev.runcast.store;

import org.jspecify.annotations.NullMarked;
