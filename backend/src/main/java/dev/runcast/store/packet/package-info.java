/**
 * Large payloads and outputs, which stand apart from the runs that name them. {@link
 * dev.runcast.store.packet.PacketTable} is all of it: it puts, reads, and lets go of what no run
 * names any more. It knows nothing of who may read what.
 */
@NullMarked
package dev.runcast.store.packet;

import org.jspecify.annotations.NullMarked;
