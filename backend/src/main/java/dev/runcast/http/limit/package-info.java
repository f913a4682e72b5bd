/**
 * What a request may cost before it is understood: how large its body may be, and how long its head
 * and its body may keep the service waiting.
 */
@NullMarked
package dev.runcast.http.limit;

import org.jspecify.annotations.NullMarked;
