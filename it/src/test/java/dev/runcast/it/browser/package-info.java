/**
 * The service seen by a real browser: the page at {@code /}, and pages of other origins that follow
 * feeds, by what a browser brings and by the official React hooks ({@link
 * dev.runcast.it.browser.HooksPage}, built from {@code it/clients/page} by {@code npm test}). The
 * browser is the one that RUNCAST_CHROMIUM names, as {@code ./runcast test} sets it.
 */
@NullMarked
package dev.runcast.it.browser;

import org.jspecify.annotations.NullMarked;
