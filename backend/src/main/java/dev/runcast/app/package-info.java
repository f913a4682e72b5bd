/**
 * The process. {@link dev.runcast.app.Main} runs one command of {@code command}; what serves is a
 * node, which {@code node} starts and stops; {@code tenant} knows who may use it.
 *
 * <p>Exit codes: 0 ended as asked, 1 a defect of ours, 2 something that the operator can put right
 * (one sentence for each, no stack trace). A service that was asked to end by a signal exits with
 * 128 and the signal's number, as is usual: 130 after Ctrl-C, 143 after SIGTERM.
 *
 * <p>Everything may be imported here; nobody imports these packages.
 */
@NullMarked
package dev.runcast.app;

import org.jspecify.annotations.NullMarked;
