package dev.runcast.simulation;

import dev.runcast.run.ChangeBatch;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import java.util.List;
import java.util.Random;

/**
 * Whoever holds the slot: reads the log, publishes it in batches to every node, and tells Postgres
 * now and then how far it has come; the next leader begins there.
 */
final class ModelLeader {
  private final Random random;
  private final ModelPostgres postgres;
  private final Trace trace;
  private Incarnation incarnation = new Incarnation(1, 7);
  private long session = 1;
  private long afterCrash;
  private int published;
  private int confirmed;
  private Lsn prev = Lsn.ZERO;

  ModelLeader(Random random, ModelPostgres postgres, Trace trace) {
    this.random = random;
    this.postgres = postgres;
    this.trace = trace;
  }

  Incarnation incarnation() {
    return incarnation;
  }

  boolean isBehind() {
    return published < postgres.log.size();
  }

  void publish(List<ModelNode> nodes) {
    int count = Math.min(1 + random.nextInt(3), postgres.log.size() - published);
    if (count == 0) {
      return;
    }
    List<ChangeBatch.Entry> entries = postgres.log.subList(published, published + count);
    Lsn last = entries.get(count - 1).lsn();
    ChangeBatch batch = new ChangeBatch(incarnation, session, prev, last, entries);
    trace.add(() -> "publishes " + batch);
    published += count;
    prev = last;
    nodes.forEach(node -> node.inbox.add(batch));
    if (random.nextInt(4) == 0) {
      confirmed = published;
    }
  }

  /** Postgres has crashed, and the connection to it broke. */
  void crashed() {
    handOver();
    afterCrash = session;
  }

  long sessionAfterTheLastCrash() {
    return afterCrash;
  }

  /** Another takes over, from anywhere between what was confirmed and what was published. */
  void handOver() {
    session++;
    published = confirmed + random.nextInt(published - confirmed + 1);
    confirmed = published;
    prev = new Lsn(published);
  }

  /** The slot was lost and made anew: what was not published is never told. */
  void recreateSlot() {
    incarnation = new Incarnation(incarnation.number() + 1, 7);
    session++;
    startAtTheEnd();
  }

  /** The log goes on from an earlier place, and what was counted in it is counted again. */
  void beginAfterRestore() {
    incarnation = new Incarnation(incarnation.number() + 1, 8);
    session = random.nextLong(1, session + 1);
    afterCrash = 0;
    startAtTheEnd();
  }

  private void startAtTheEnd() {
    published = postgres.log.size();
    confirmed = published;
    prev = new Lsn(published);
  }
}
