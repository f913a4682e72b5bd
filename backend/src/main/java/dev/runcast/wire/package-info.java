/**
 * What clients see: frames and their bytes. A {@link dev.runcast.wire.Frame} is what the hub wants
 * to say, {@link dev.runcast.wire.FrameJson} its JSON, {@link dev.runcast.wire.SseFraming} the text
 * of an event around it, and {@link dev.runcast.wire.SharedFrame} keeps the bytes so that a change
 * is encoded once however many subscribers hear of it.
 *
 * <p>Absent and null differ here: a column that a change did not tell is absent, a column that is
 * null is {@code null}. The schema is that of docs/PROTOCOL.md.
 *
 * <p>Nothing here knows a connection, a subscription or a table. All types are immutable but {@link
 * dev.runcast.wire.SharedFrame}, whose cache is confined to the event loop of the hub that made it.
 */
@NullMarked
package dev.runcast.wire;

import org.jspecify.annotations.NullMarked;
