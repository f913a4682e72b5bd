/**
 * Environment variables over HTTP. A secret key reaches those of its own environment and no other,
 * whatever project and environment the path names. The value of a secret variable is never told.
 *
 * <p>{@code VariablesParser} says what was asked, {@code VariablesHandler} answers. Nothing is kept
 * between requests, and no value is logged.
 */
@NullMarked
package dev.runcast.http.variable;

import org.jspecify.annotations.NullMarked;
