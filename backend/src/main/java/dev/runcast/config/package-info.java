/**
 * What an operator can choose, and how it is read.
 *
 * <p>{@link dev.runcast.config.Setting} is the one table: every setting with its flag, its
 * environment variable, its default and its help text; the command line with its help and the
 * loader are made from it, so that flags and variables can't drift apart. No documentation is
 * generated from it. {@link dev.runcast.config.SettingsLoader} turns flags and variables into one
 * immutable {@link dev.runcast.config.Settings}, or into the list of everything that is wrong with
 * them.
 *
 * <p>All types are immutable and may be read from any thread. Secrets are {@link
 * dev.runcast.config.Secret}, whose text form is a mask: printing settings never prints a key.
 *
 * <p>Imports the JDK only. Nothing here opens a file, a socket or a connection; whether a value
 * works in the world (a free port, a reachable database) is found out by those who use it, who say
 * so with {@link dev.runcast.config.CannotStartException}.
 */
@NullMarked
package dev.runcast.config;

import org.jspecify.annotations.NullMarked;
