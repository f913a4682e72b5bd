/**
 * What the ways of subscribing have in common: {@link dev.runcast.http.realtime.SubscribeParser}
 * reads what is asked for, {@link dev.runcast.http.realtime.FeedAccess} decides whether its asker
 * may follow it. Each way is a package of its own below this one.
 */
@NullMarked
package dev.runcast.http.realtime;

import org.jspecify.annotations.NullMarked;
