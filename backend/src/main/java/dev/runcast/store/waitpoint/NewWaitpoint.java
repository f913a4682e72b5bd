package dev.runcast.store.waitpoint;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.WaitpointId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A waitpoint to be made.
 *
 * @param callback random: whoever knows it may complete the waitpoint
 * @param key that stands for it from now on; null for none
 * @param timeoutAt when its time is over; null for never
 */
public record NewWaitpoint(
    EnvironmentId environment,
    WaitpointId id,
    String callback,
    Waitpoint.@Nullable Key key,
    @Nullable Instant timeoutAt,
    List<String> tags) {
  public NewWaitpoint {
    tags = List.copyOf(tags);
  }
}
