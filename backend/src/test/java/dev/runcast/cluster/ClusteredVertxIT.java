package dev.runcast.cluster;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.config.Settings;
import dev.runcast.run.ChangeBatch;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClusteredVertxIT {

  @Test
  void carriesABatchToTheOtherNode() throws Exception {
    int firstPort = freePort();
    int secondPort = freePort();
    List<String> members = List.of("127.0.0.1:" + firstPort, "127.0.0.1:" + secondPort);
    Vertx first = start(members, firstPort);
    Vertx second = start(members, secondPort);
    try {
      ChangeBus leader = new ChangeBus(first, 1 << 20);
      ChangeBus follower = new ChangeBus(second, 1 << 20);
      BlockingQueue<ChangeBatch> here = new LinkedBlockingQueue<>();
      BlockingQueue<ChangeBatch> there = new LinkedBlockingQueue<>();
      await(leader.subscribe(here::add));
      await(follower.subscribe(there::add));
      ChangeBatch batch = new RandomBatches(new Random(3)).next();

      leader.publish(batch);

      assertThat(here.poll(30, TimeUnit.SECONDS)).isSameAs(batch);
      assertThat(there.poll(30, TimeUnit.SECONDS)).isEqualTo(batch).isNotSameAs(batch);
    } finally {
      await(second.close());
      await(first.close());
    }
  }

  @Test
  void isPlainWhenThereIsOneNode() {
    Vertx vertx =
        await(
            ClusteredVertx.start(
                new VertxOptions(), new Settings.Cluster(List.of(), "127.0.0.1", 5701)));
    try {
      assertThat(vertx.isClustered()).isFalse();
    } finally {
      await(vertx.close());
    }
  }

  private static Vertx start(List<String> members, int port) {
    return await(
        ClusteredVertx.start(new VertxOptions(), new Settings.Cluster(members, "127.0.0.1", port)));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
