package dev.runcast.it.harness;

/** Two nodes of a cluster on one Postgres. The one that is there first leads. */
public record Pair(Node leader, Node follower) implements AutoCloseable {
  /** Starts both. */
  public static Pair start(TestDatabase database) {
    int first = FreePort.next();
    int second = FreePort.next();
    Node leader = Node.start(NodeSpec.serve(database).clustered(first, second));
    try {
      return new Pair(leader, Node.start(NodeSpec.serve(database).clustered(second, first)));
    } catch (RuntimeException failure) {
      leader.close();
      throw failure;
    }
  }

  @Override
  public void close() {
    try (leader) {
      follower.close();
    }
  }
}
