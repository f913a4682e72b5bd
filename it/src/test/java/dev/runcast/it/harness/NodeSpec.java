package dev.runcast.it.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How to start a node: a command, its flags, and its environment beside this process's.
 *
 * @param secretKey preset for the first environment, so that tests need not read output
 * @param heap as in {@code -Xmx}
 */
public record NodeSpec(
    String command,
    List<String> flags,
    Map<String, String> environment,
    String secretKey,
    String heap) {
  private static final String KEY = "tr_dev_itKeyOfTheFirstEnvironment0123456789abcdef";

  public NodeSpec {
    flags = List.copyOf(flags);
    environment = Map.copyOf(environment);
  }

  /** A node on a database that somebody else runs; its slot is named after the database. */
  public static NodeSpec serve(TestDatabase database) {
    return new NodeSpec("serve", List.of(), Map.of(), KEY, "256m")
        .with("--database-url", database.url())
        .with("--slot", "slot_" + database.name());
  }

  /** A node with the embedded database, under this directory. */
  public static NodeSpec up(Path dataDir) {
    return new NodeSpec("up", List.of(), Map.of(), KEY, "256m")
        .with("--data-dir", dataDir.toString());
  }

  /**
   * The same as one of two nodes that hear each other.
   *
   * @param own the port on which it is heard
   * @param other that of the other one
   */
  public NodeSpec clustered(int own, int other) {
    return with("--cluster-members", "127.0.0.1:" + own + ",127.0.0.1:" + other)
        .with("--cluster-port", Integer.toString(own));
  }

  /** One more flag and its value, or several. */
  public NodeSpec with(String... more) {
    List<String> all = new ArrayList<>(flags);
    all.addAll(List.of(more));
    return new NodeSpec(command, all, environment, secretKey, heap);
  }

  /** One more environment variable. */
  public NodeSpec withVariable(String name, String value) {
    Map<String, String> all = new HashMap<>(environment);
    all.put(name, value);
    return new NodeSpec(command, flags, all, secretKey, heap);
  }

  /** With this much heap. */
  public NodeSpec withHeap(String size) {
    return new NodeSpec(command, flags, environment, secretKey, size);
  }
}
