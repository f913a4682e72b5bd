package dev.runcast.app.node;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class StopOrderTest {
  private final List<String> stopped = new CopyOnWriteArrayList<>();
  private final StopOrder order = new StopOrder(StopOrder.PATIENCE);

  @Test
  void stopsTheLatestFirstAndWaitsForEach() {
    Promise<Void> slow = Promise.promise();
    order.add("database", () -> note("database"));
    order.add("server", () -> note("server").compose(noted -> slow.future()));

    Future<Void> stop = order.stop();
    assertThat(stopped).containsExactly("server");
    assertThat(stop.isComplete()).isFalse();

    slow.complete();
    assertThat(stopped).containsExactly("server", "database");
    assertThat(stop.succeeded()).isTrue();
  }

  @Test
  void goesOnWhenOneFailsToStop() {
    order.add("database", () -> note("database"));
    order.add("fails", () -> Future.failedFuture("broken"));
    order.add(
        "throws",
        () -> {
          throw new IllegalStateException("broken");
        });

    assertThat(order.stop().succeeded()).isTrue();
    assertThat(stopped).containsExactly("database");
  }

  @Test
  void goesOnWhenOneNeverStops() {
    StopOrder impatient = new StopOrder(Duration.ofMillis(10));
    impatient.add("database", () -> note("database"));
    impatient.add("hangs", () -> Promise.<Void>promise().future());

    await(impatient.stop());

    assertThat(stopped).containsExactly("database");
  }

  private Future<Void> note(String name) {
    stopped.add(name);
    return Future.succeededFuture();
  }
}
