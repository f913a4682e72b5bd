/** How many runs a second can be triggered by HTTP, beside the same row inserted by pgbench. */
@NullMarked
package dev.runcast.it.bench.trigger;

import org.jspecify.annotations.NullMarked;
