package dev.runcast.hub;

import dev.runcast.run.RunId;
import java.util.ArrayList;
import java.util.List;

/** Keeps what was asked to be read; the test answers, or not. */
final class RecordingResync implements Resync {
  final List<RunId> runs = new ArrayList<>();
  int feeds;

  @Override
  public void again(Subscription subscription) {
    subscription.reopen();
    feeds++;
  }

  @Override
  public void one(Subscription subscription, RunId run) {
    runs.add(run);
  }
}
