package dev.runcast.run.tally;

import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Visibility;
import java.util.List;

/**
 * What one snapshot of the table shows a feed to add up to.
 *
 * @param parts of which several may be of the same status and bucket
 */
public record FeedTally(Visibility visibility, List<Part> parts) {

  /**
   * The members in one status.
   *
   * @param bucket the part of the feed that they are in ({@link RunHash#bucketOf}), where a digest
   *     was asked for; else 0
   * @param digest the sum of the hashes of their versions, where it was asked for; else 0
   */
  public record Part(RunStatus status, int bucket, long members, long digest) {}

  public FeedTally {
    parts = List.copyOf(parts);
  }
}
