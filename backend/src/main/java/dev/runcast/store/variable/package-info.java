/**
 * The environment variables of tasks, as they are stored: sealed. {@link
 * dev.runcast.store.variable.VariableTable} is all of it; it can't read a value.
 */
@NullMarked
package dev.runcast.store.variable;

import org.jspecify.annotations.NullMarked;
