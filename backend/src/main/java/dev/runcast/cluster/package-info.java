/**
 * One node to all nodes: what the leader's tail tells reaches the hub of every event loop of every
 * node, over the Vert.x event bus.
 *
 * <p>Enter at {@link dev.runcast.cluster.ClusteredVertx}, which makes the {@code Vertx} (plain when
 * there is one node, with Hazelcast when there are more), and {@link
 * dev.runcast.cluster.ChangeBus}, which carries batches on it.
 *
 * <p>Nothing here must be correct for Runcast to be: the bus may lose, and the slot, not the
 * cluster, elects the leader. A batch names the one before it, so a hub that missed one knows and
 * reads the table. Hence no acknowledgement and no retry.
 *
 * <p>State owners: the bus keeps what its pacing needs in volatile fields, each with one writer.
 */
@NullMarked
package dev.runcast.cluster;

import org.jspecify.annotations.NullMarked;
