/**
 * The builds of tasks that workers register: {@link dev.runcast.engine.worker.Workers} gives each
 * its version, makes its tasks and queues known, and lets runs go that waited for it.
 *
 * <p>A build that is registered again unchanged is the same build. Stateless, like all of the
 * engine.
 */
@NullMarked
package dev.runcast.engine.worker;

import org.jspecify.annotations.NullMarked;
