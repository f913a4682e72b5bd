/**
 * Command line tools that ask to be let in, until somebody has answered and they have heard it.
 * What it means is {@code http.login}'s.
 */
@NullMarked
package dev.runcast.store.login;

import org.jspecify.annotations.NullMarked;
