/**
 * What the official clients can do, as a listing. A test that runs a client's own package says with
 * {@link dev.runcast.it.conformance.Conformance} which function of which generation it shows at
 * work; each such test prints a line as it ends, and all of them are in {@code
 * target/conformance.txt} when the module's tests are over.
 *
 * <p>{@link dev.runcast.it.conformance.CompatibilityIT} holds {@code docs/COMPATIBILITY.md} against
 * what the tests declare and what the packages export. It reads declarations, not outcomes, so that
 * it means the same when it runs alone: a declared behaviour that fails, or is skipped, fails the
 * build by itself.
 */
@NullMarked
package dev.runcast.it.conformance;

import org.jspecify.annotations.NullMarked;
