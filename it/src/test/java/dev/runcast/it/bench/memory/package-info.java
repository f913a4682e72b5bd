/** What a subscriber costs that hears nothing, in resident memory of the server. */
@NullMarked
package dev.runcast.it.bench.memory;

import org.jspecify.annotations.NullMarked;
