/** What breaks from outside the process: the node, Postgres, the leader among nodes. */
@NullMarked
package dev.runcast.it.failure;

import org.jspecify.annotations.NullMarked;
