package dev.runcast.http.realtime.socket;

import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.realtime.FeedAdmission;
import dev.runcast.http.realtime.FeedLoop;
import dev.runcast.subscribe.Limits;
import dev.runcast.subscribe.SubscribeFlow;

/**
 * What the sockets of one event loop have in common.
 *
 * @param flow on the event loop that all of it is confined to
 * @param auth tells who a token stands for
 */
public record SocketFeeds(
    SubscribeFlow flow, Limits limits, FeedAdmission admission, BearerAuth auth, FeedLoop loop) {}
