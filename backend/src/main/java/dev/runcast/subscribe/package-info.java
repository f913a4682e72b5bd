/**
 * The request's side of a subscription, whatever the transport: register with the hub, then resume
 * from the ring of recent changes or read the table, then go live; and every later reading again.
 *
 * <p>Everything runs on the hub's event loop; reads come back there. Reads are bounded in number
 * and identical ones that wait are made once, so that a gap that sends ten thousand subscriptions
 * back to the table does not stampede Postgres.
 *
 * <p>Enter at {@link dev.runcast.subscribe.SubscribeFlow#open}.
 */
@NullMarked
package dev.runcast.subscribe;

import org.jspecify.annotations.NullMarked;
