package dev.runcast.demo;

import io.vertx.core.Future;

/** A kind of pretend work. */
interface DemoTask {
  /** One run of it, from its trigger to its end. */
  Future<Void> run();
}
