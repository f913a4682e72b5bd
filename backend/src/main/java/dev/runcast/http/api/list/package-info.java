/**
 * Lists, newest first, a page at a time: {@code Paging} reads the bounds and the place that a query
 * string names and writes those of the pages beside, for lists of whatever kind; {@code ListParser}
 * and {@code RunListHandler} are the list of runs.
 *
 * <p>A place is opaque to clients, and needs nothing kept here: it says where in the order of
 * creation the page begins.
 */
@NullMarked
package dev.runcast.http.api.list;

import org.jspecify.annotations.NullMarked;
