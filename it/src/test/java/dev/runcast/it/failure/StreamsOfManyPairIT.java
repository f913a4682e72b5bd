package dev.runcast.it.failure;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.Pair;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.Speech;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the runs of a tag say, written at either node of two and followed at the other. */
class StreamsOfManyPairIT {

  @Test
  void isToldAtTheOtherNodeToo() {
    TestDatabase database = Shared.postgres().database();
    String tag = name("paired");
    String feed = "/realtime/v1/runs?streams=*&tags=" + tag;
    try (Pair pair = Pair.start(database)) {
      Node leader = pair.leader();
      Node follower = pair.follower();
      RunWriter sql = new RunWriter(database, leader.api().environment());
      String one = sql.insert(run().tagged(tag).at("EXECUTING"));
      String two = sql.insert(run().at("EXECUTING"));
      new Speech(leader.api()).say(two, "log", 0, 3);
      try (SseProbe atLeader = leader.follow(feed).awaitLive();
          SseProbe atFollower = follower.follow(feed).awaitLive()) {
        new Speech(leader.api()).say(one, "log", 0, 3);
        new Speech(follower.api()).say(one, "log", 3, 6);
        sql.update(two, "tags = array_append(tags, ?)", tag);
        for (SseProbe probe : List.of(atLeader, atFollower)) {
          Speech.await(probe, one, "log", 6);
          Speech.await(probe, two, "log", 3);
        }
        String cursor = atLeader.cursor();
        leader.kill();
        atLeader.awaitDisconnected();
        new Speech(follower.api()).say(one, "log", 6, 9);
        new Speech(follower.api()).say(two, "log", 3, 6);
        Speech.await(atFollower, one, "log", 9);
        Speech.await(atFollower, two, "log", 6);

        SseProbe.Target target = new SseProbe.Target(follower.port(), feed, follower.secretKey());
        try (SseProbe resumed = new SseProbe(target).connectAfter(cursor).awaitLive()) {
          resumed.await("the rest of one", known -> lastOf(known.chunks().of(one, "log")) == 8);
          resumed.await("the rest of two", known -> lastOf(known.chunks().of(two, "log")) == 5);
          assertThat(resumed.<Long>ask(known -> known.chunks().firstOf(one, "log")))
              .isLessThanOrEqualTo(6);
        }
      }
    }
  }

  private static int lastOf(List<JsonNode> chunks) {
    return chunks.isEmpty() ? -1 : chunks.get(chunks.size() - 1).asInt();
  }
}
