/**
 * The service seen by a real browser: the page at {@code /}, and pages of other origins that follow
 * feeds. The browser is the one that RUNCAST_CHROMIUM names, as {@code ./runcast test} sets it.
 */
@NullMarked
package dev.runcast.it.browser;

import org.jspecify.annotations.NullMarked;
