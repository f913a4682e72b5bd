package dev.runcast.metrics;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a node did within one interval, and how it stood at its end.
 *
 * @param at the end of the interval
 */
public record ServiceSample(Instant at, Flow flow, Lag lag, Audience audience, Log log) {

  /**
   * What went through it, in a second each.
   *
   * @param changes that were told to its hubs
   * @param deliveries of a change to one subscriber
   */
  public record Flow(double changes, double deliveries) {}

  /**
   * From the commit of a change until an event loop had handed it to all its subscribers, in
   * milliseconds; null where nothing was delivered.
   */
  public record Lag(@Nullable Double p50, @Nullable Double p99) {}

  /**
   * Who listens.
   *
   * @param connections that feeds are sent on, sockets of several feeds counted once
   * @param behind subscribers that had not taken all that waited for them
   * @param dropped how often, within the interval, what waited for a slow one was dropped
   * @param missed how often, within the interval, a hub missed some of the log
   */
  public record Audience(
      long connections, long subscriptions, long behind, long dropped, long missed) {}

  /**
   * Where it hears of changes.
   *
   * @param retainedBytes that Postgres keeps for the slot; null where another node leads
   * @param horizonAgeMs since the leader last proved that it lives; null before the first proof
   */
  public record Log(@Nullable Long retainedBytes, @Nullable Long horizonAgeMs) {}
}
