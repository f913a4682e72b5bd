/** How long after a commit its change is at a subscriber, and how much of that is the service's. */
@NullMarked
package dev.runcast.it.bench.commit;

import org.jspecify.annotations.NullMarked;
