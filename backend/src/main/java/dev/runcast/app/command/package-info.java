/**
 * The command line: which commands there are, their options, and what each does. A command reads
 * its {@link dev.runcast.config.Settings} from options, variables and files; it either starts a
 * node or does one piece of work on the database.
 *
 * <p>Enter at {@link dev.runcast.app.command.Commands}. Secrets are printed where a person asked
 * for them, never logged.
 */
@NullMarked
package dev.runcast.app.command;

import org.jspecify.annotations.NullMarked;
