/**
 * Subscriptions over the long poll that the official clients speak, a subset of the HTTP protocol
 * of shapes. One request of it is one {@link dev.runcast.subscribe.turn.Turn}; only its words are
 * in here: offsets, handles, headers and bodies.
 *
 * <p>Enter at {@link dev.runcast.http.realtime.shape.ShapeHandler}. All of it is confined to the
 * event loop of its hub; a parked poll has no timer.
 */
@NullMarked
package dev.runcast.http.realtime.shape;

import org.jspecify.annotations.NullMarked;
