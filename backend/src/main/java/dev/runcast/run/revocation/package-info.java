/**
 * What was granted and is taken back: a {@link dev.runcast.run.revocation.Revocation} is held
 * against each {@link dev.runcast.run.revocation.Bearer} by whose word something is followed or
 * asked for. Values only.
 */
@NullMarked
package dev.runcast.run.revocation;

import org.jspecify.annotations.NullMarked;
