/**
 * Subscriptions over server-sent events: the transport half of docs/PROTOCOL.md. {@link
 * dev.runcast.http.realtime.sse.SseHandler} is where a request comes in; from then on a {@code
 * SseSink} stands between the hub and the connection.
 *
 * <p>{@link dev.runcast.http.realtime.sse.SseLoop} holds what the sinks of one event loop share, so
 * that a parked subscriber costs no timer and no queue of its own: the rounds that ping and end
 * connections, the gathering of flushes, and the chunk that was encoded last. All of it is confined
 * to that loop.
 *
 * <p>How bytes reach the socket is the business of an {@code EventWriter}: {@code ChunkedWriter}
 * for HTTP/1.1, below Vert.x's encoder, which is most of the speed of a fan-out; {@code
 * ResponseWriter} for all the rest. Beside the two only {@code ChunkMemo}, the chunk that was
 * encoded last, and {@code Flushes} know Netty.
 */
@NullMarked
package dev.runcast.http.realtime.sse;

import org.jspecify.annotations.NullMarked;
