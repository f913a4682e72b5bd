package dev.runcast.hub.chunk;

import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.FilterKey;
import dev.runcast.run.RunChanged;
import dev.runcast.run.place.Position;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of runs that have streams. Those that were asked for or heard of longest ago are
 * forgotten, and read again when they are asked for. Owned by the hub's event loop.
 */
public final class RunCards {
  private final int most;
  private final Map<FilterKey, RunCard> cards = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param most how many runs are known at a time
   */
  public RunCards(int most) {
    this.most = most;
  }

  /** A run has changed; one that names no streams yet has no chunks that would be asked for. */
  public void hear(FilterKey run, RunChanged change) {
    RunCard card = cards.get(run);
    if (card == null && !change.run().facts().realtimeStreams().isEmpty()) {
      card = new RunCard();
      keep(run, card);
    }
    if (card != null) {
      card.hear(change);
    }
  }

  /** A run was read, and nothing can have been missed that the read did not show. */
  public void learn(FilterKey run, RunCard read) {
    RunCard card = cards.get(run);
    if (card == null) {
      keep(run, read);
    } else {
      card.learn(read);
    }
  }

  private void keep(FilterKey run, RunCard card) {
    cards.put(run, card);
    if (cards.size() > most) {
      Iterator<RunCard> oldest = cards.values().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /** What is known of a run; null when nothing is. */
  public @Nullable RunCard get(FilterKey run) {
    return cards.get(run);
  }

  /** A transaction of which the changes were not told: behind it, those of its runs are unknown. */
  public void missed(Oversized transaction) {
    cards.forEach(
        (run, card) -> {
          if (transaction.environments().contains(run.environment())
              && (transaction.keys() == null || transaction.keys().contains(run.hash()))) {
            card.miss(Position.endOf(transaction.lsn()));
          }
        });
  }

  /** Nobody asks for runs of this environment any more: their changes are not heard. */
  public void forget(EnvironmentId environment) {
    cards.keySet().removeIf(run -> run.environment().equals(environment));
  }

  /** Something was missed: nothing is known any more. */
  public void forget() {
    cards.clear();
  }
}
