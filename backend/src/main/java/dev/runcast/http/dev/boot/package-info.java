/**
 * What the official command line tool asks with a personal token: who it is, which projects there
 * are, and for the key of an environment. The operator's own token opens all environments; one that
 * somebody was given who had signed in opens that one.
 */
@NullMarked
package dev.runcast.http.dev.boot;

import org.jspecify.annotations.NullMarked;
