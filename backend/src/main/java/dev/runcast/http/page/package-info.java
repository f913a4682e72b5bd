/**
 * The dashboard's files, as they come out of its build: {@link dev.runcast.http.page.PageHandler}
 * sends them, {@link dev.runcast.http.page.PageHeaders} says what a browser may do with them.
 * Nothing here knows who is asking: the page itself is for everybody, what it shows is not.
 */
@NullMarked
package dev.runcast.http.page;

import org.jspecify.annotations.NullMarked;
