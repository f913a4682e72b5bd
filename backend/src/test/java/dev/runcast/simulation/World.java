package dev.runcast.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What all in one simulation share: chance, time, Postgres, the leader, the nodes. */
final class World {
  final Random random;

  /** Whether most of what happens is chunks, told to feeds that their runs enter and leave. */
  final boolean chatty;

  final Trace trace;
  final ModelPostgres postgres = new ModelPostgres();
  final ModelLeader leader;
  final ModelReader reader;
  final ModelWriters writers;
  final List<ModelNode> nodes = new ArrayList<>();

  /** What runs later, in any order that is due to the scheduler. */
  final List<Runnable> timers = new ArrayList<>();

  Instant now = Instant.EPOCH;

  World(long seed, Trace trace) {
    this.random = new Random(seed);
    this.chatty = seed % 4 == 0;
    this.trace = trace;
    this.leader = new ModelLeader(random, postgres, trace);
    this.reader = new ModelReader(postgres, chatty ? pick(4, 20) : pick(1, 2, 10));
    this.writers = new ModelWriters(random, postgres, trace, chatty);
  }

  /** Something that is not to be done before so much time has passed. */
  void afterTime(Duration time, Runnable task) {
    Instant due = now.plus(time);
    timers.add(
        () -> {
          now = due.isAfter(now) ? due : now;
          task.run();
        });
  }

  ModelNode someNode() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  int pick(int... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
