/**
 * Subscriptions over the long poll that the official clients speak, a subset of the HTTP protocol
 * of shapes. One turn of it is a {@link dev.runcast.http.realtime.shape.ShapePoll}: a sink like any
 * other, of the same hub and the same flow, that answers with the first news and is over. Between
 * two turns nothing is kept: the {@link dev.runcast.http.realtime.shape.ShapeOffset} that the
 * client brings back says all, on any node and after any restart.
 *
 * <p>Enter at {@link dev.runcast.http.realtime.shape.ShapeHandler}. All of it is confined to the
 * event loop of its hub; a parked poll has no timer, its end is in {@link
 * dev.runcast.http.realtime.shape.Holds}.
 */
@NullMarked
package dev.runcast.http.realtime.shape;

import org.jspecify.annotations.NullMarked;
