package dev.runcast.it.failure;

import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.Pair;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A stream that is written at one node of two and read at both, whoever leads. */
class StreamPairIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Test
  void isReadAtEitherNodeThoughTheLeaderIsKilled() throws Exception {
    TestDatabase database = Shared.postgres().database();
    try (Pair pair = Pair.start(database)) {
      Node leader = pair.leader();
      Node follower = pair.follower();
      RunWriter sql = new RunWriter(database, leader.api().environment());
      String path = "/realtime/v1/streams/" + sql.insert(run().at("EXECUTING")) + "/";
      Reader atLeader = new Reader(leader, path + "log");
      Reader atFollower = new Reader(follower, path + "log");

      write(follower, path + "self/log", 0, 3);
      write(leader, path + "self/log", 3, 6);
      atLeader.await(6);
      atFollower.await(6);
      leader.kill();
      write(follower, path + "self/log", 6, 9);
      atFollower.await(9);
      sql.update(path.split("/", -1)[4], "status = 'COMPLETED_SUCCESSFULLY'");

      atFollower.ended.join();
      assertThat(atFollower.chunks)
          .containsExactlyElementsOf(IntStream.range(0, 9).mapToObj(String::valueOf).toList());
    }
  }

  private static void write(Node node, String path, int from, int to) throws Exception {
    String lines = String.join("", IntStream.range(from, to).mapToObj(n -> n + "\n").toList());
    HttpRequest request =
        request(node, path).POST(HttpRequest.BodyPublishers.ofString(lines)).build();

    assertThat(HTTP.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  private static HttpRequest.Builder request(Node node, String path) {
    return HttpRequest.newBuilder(URI.create(node.url() + path))
        .header("authorization", "Bearer " + node.secretKey());
  }

  /** Collects what a stream carries. */
  private static final class Reader {
    final List<String> chunks = new CopyOnWriteArrayList<>();
    final CompletableFuture<Void> ended;

    Reader(Node node, String path) {
      HttpRequest request = request(node, path).header("accept", "text/event-stream").build();
      ended =
          HTTP.sendAsync(request, BodyHandlers.ofLines())
              .thenAcceptAsync(
                  answer ->
                      answer
                          .body()
                          .filter(line -> line.startsWith("data:"))
                          .forEach(line -> chunks.add(line.substring(5).trim())));
    }

    void await(int count) {
      Await.until(count + " chunks", () -> chunks.size() >= count);
      assertThat(chunks).hasSize(count);
    }
  }
}
