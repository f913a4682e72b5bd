package dev.runcast.hub.tally;

/** Who is told what a feed adds up to. Called on the event loop of its hub. */
public interface Follower {

  /** There are new counts to tell. */
  void counted();

  /** A horizon has passed: the place where a digest may be told. */
  void horizonPassed();
}
