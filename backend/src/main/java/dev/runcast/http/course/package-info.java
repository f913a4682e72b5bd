/**
 * How a run goes, over HTTP, for people who look at it: its attempts, what it waits for, and what
 * holds it up. {@code CourseHandler} answers, {@code CourseView} says how it is shown.
 *
 * <p>A handler keeps nothing between requests. Whoever may read a run may read its course.
 */
@NullMarked
package dev.runcast.http.course;

import org.jspecify.annotations.NullMarked;
