/**
 * The process: its command line, and the one place where long-lived things are made.
 *
 * <p>Entry point: {@link dev.runcast.app.Main}. A command reads its {@link
 * dev.runcast.config.Settings}, and {@link dev.runcast.app.Application} starts what they ask for,
 * in order: database, preflight, migrations, keys, verticles; and stops it in the reverse order,
 * the database last. There is no injection framework: what depends on what is read off the
 * constructor calls there.
 *
 * <p>Exit codes: 0 ended as asked, 1 a defect of ours, 2 something that the operator can put right
 * (one sentence for each, no stack trace). A service that was asked to end by a signal exits with
 * 128 and the signal's number, as is usual: 130 after Ctrl-C, 143 after SIGTERM.
 *
 * <p>Everything may be imported here; nobody imports this package.
 */
@NullMarked
package dev.runcast.app;

import org.jspecify.annotations.NullMarked;
