/**
 * Why a run does or does not reach a feed, in plain words, for who wonders why nothing comes.
 * {@link dev.runcast.http.realtime.explain.ExplainHandler} takes the question, {@code Explanation}
 * knows the rules.
 */
@NullMarked
package dev.runcast.http.realtime.explain;

import org.jspecify.annotations.NullMarked;
