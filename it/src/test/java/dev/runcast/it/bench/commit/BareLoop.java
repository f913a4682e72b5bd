package dev.runcast.it.bench.commit;

import dev.runcast.it.bench.BenchDatabase;
import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.load.BareLoopMain;
import dev.runcast.it.bench.load.Load;
import dev.runcast.it.bench.process.Child;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/** The process of {@link BareLoopMain}. */
final class BareLoop implements AutoCloseable {
  private final Child child;

  private BareLoop(Child child) {
    this.child = child;
  }

  /** Starts it; it has begun to read when this returns. */
  static BareLoop start(Ground ground) {
    BenchDatabase database = ground.database();
    Map<String, String> settings = new HashMap<>(database.libpq());
    settings.put("JDBC_URL", database.address().jdbcUrl());
    Child child = ground.children().java("bare-loop", Load.FLAGS, settings, BareLoopMain.class);
    child.lineContaining("reading");
    return new BareLoop(child);
  }

  JsonObject read() {
    return new JsonObject(child.ask("read"));
  }

  @Override
  public void close() {
    child.close();
  }
}
