package dev.runcast.run.tally;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.RunId;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The hash against the examples of the protocol, which clients are tested with too. */
class RunHashTest {
  private static final Path GOLDEN = Path.of("..", "it", "protocol", "digest.json");

  @Test
  void hashesAndBucketsAreThoseOfTheExamples() throws IOException {
    for (JsonObject example : list("hashes")) {
      RunId run = new RunId(example.getString("run"));
      long hash = RunHash.of(run, Long.parseLong(example.getString("version")));
      assertThat(hex(hash)).as(example.encode()).isEqualTo(example.getString("hash"));
      assertThat(RunHash.bucketOf(run))
          .as(example.encode())
          .isEqualTo(example.getInteger("bucket"));
    }
  }

  @Test
  void digestsAreTheSumsOfTheExamples() throws IOException {
    for (JsonObject feed : list("feeds")) {
      long sum = 0;
      Map<String, Object> parts = new TreeMap<>();
      Map<Integer, Long> buckets = new TreeMap<>();
      for (Object each : feed.getJsonArray("members")) {
        JsonObject member = (JsonObject) each;
        RunId run = new RunId(member.getString("run"));
        long hash = RunHash.of(run, Long.parseLong(member.getString("version")));
        sum += hash;
        buckets.merge(RunHash.bucketOf(run), hash, Long::sum);
      }
      buckets.forEach((bucket, digest) -> parts.put(bucket.toString(), hex(digest)));
      assertThat(hex(sum)).isEqualTo(feed.getString("digest"));
      assertThat(parts).isEqualTo(feed.getJsonObject("buckets").getMap());
    }
  }

  @Test
  void neighboursShareHalfOfTheirBits() {
    int differing = 0;
    for (int i = 0; i < 1_000; i++) {
      RunId run = new RunId("run_" + i);
      differing += Long.bitCount(RunHash.of(run, 1) ^ RunHash.of(run, 2));
    }

    assertThat(differing / 1_000.0).isBetween(31.0, 33.0);
  }

  private static List<JsonObject> list(String name) throws IOException {
    JsonObject golden = new JsonObject(Files.readString(GOLDEN));
    return golden.getJsonArray(name).stream().map(JsonObject.class::cast).toList();
  }

  private static String hex(long hash) {
    return HexFormat.of().toHexDigits(hash);
  }
}
