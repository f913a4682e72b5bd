/**
 * Many subscriptions on one WebSocket, each with its filter, its cursor and, if it likes, its
 * token: the second transport of docs/PROTOCOL.md. {@link
 * dev.runcast.http.realtime.socket.SocketHandler} is where a request comes in; a {@code Socket}
 * stands for the connection and reads its {@code ClientCommand}s, a {@code SocketSink} for one
 * subscription between the hub and the socket.
 *
 * <p>What the client is slow to take waits with the subscriptions, in their own bounded outboxes;
 * {@code Turns} lets them send in turn as the socket drains. All of it is confined to the event
 * loop of the connection.
 */
@NullMarked
package dev.runcast.http.realtime.socket;

import org.jspecify.annotations.NullMarked;
