package dev.runcast.demo;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts one pretend task after another, for ever, at a rate that shows something without filling a
 * disk: a run every second or two. A failed call ends that one run and is logged; the fleet goes
 * on.
 */
public final class DemoFleet extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(DemoFleet.class);

  private final String host;
  private final int port;
  private final String secretKey;
  private final Random random = new Random();
  private @Nullable HttpClient client;
  private boolean stopped;

  /**
   * @param host where the service listens
   * @param secretKey of the environment that the runs are to be in
   */
  public DemoFleet(String host, int port, String secretKey) {
    this.host = host;
    this.port = port;
    this.secretKey = secretKey;
  }

  @Override
  public Future<?> start() {
    HttpClient made = vertx.createHttpClient();
    client = made;
    Worker worker = new Worker(vertx, new DemoApi(made, host, port, secretKey), random);
    List<DemoTask> deck =
        new ArrayList<>(
            List.of(
                new OrderPipeline(worker),
                new AiAnswer(worker),
                new AiAnswer(worker),
                new FlakyJob(worker)));
    startNext(deck, 0);
    LOG.info("The demo is running: pretend tasks, all tagged \"demo\"");
    return Future.succeededFuture();
  }

  // Drawn like cards: whoever watches for a few seconds has seen each shape.
  private void startNext(List<DemoTask> deck, int drawn) {
    if (stopped) {
      return;
    }
    int next = drawn % deck.size();
    if (next == 0) {
      Collections.shuffle(deck, random);
    }
    deck.get(next).run().onFailure(failure -> noteUnlessStopped(failure));
    vertx
        .timer(1_500 + random.nextInt(2_500), TimeUnit.MILLISECONDS)
        .onSuccess(later -> startNext(deck, next + 1));
  }

  private void noteUnlessStopped(Throwable failure) {
    if (!stopped) {
      LOG.warn("A demo run was given up: {}", failure.getMessage());
    }
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return client == null ? Future.succeededFuture() : client.close();
  }
}
