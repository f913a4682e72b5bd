/**
 * What all handlers of the management API answer with: {@code Answers} sends what came of a request
 * or fails it, {@code RunView} shows runs as REST does, {@code Handles} adds the token for what was
 * just made, and {@code Repeats} tells a request that is sent again by its key. Nothing here knows
 * a route or keeps anything between requests.
 */
@NullMarked
package dev.runcast.http.api.answer;

import org.jspecify.annotations.NullMarked;
