package dev.runcast.it.bench.fanout;

import dev.runcast.it.bench.load.Load;
import dev.runcast.it.bench.process.Usage;
import io.vertx.core.json.JsonObject;

/**
 * One measurement of one side.
 *
 * @param expected how many deliveries there should have been
 * @param server what the server used from the first change until the last delivery
 */
record Sample(long expected, Load.Received received, Usage server, Usage load) {

  double deliveriesPerCpuSecond() {
    return received.deliveries() / Math.max(server.cpuSeconds(), 0.01);
  }

  JsonObject toJson() {
    return received
        .toJson()
        .put("expected", expected)
        .put("serverSeconds", server.cpuSeconds())
        .put("loadSeconds", load.cpuSeconds());
  }
}
