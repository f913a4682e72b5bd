package dev.runcast.hub.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.revocation.Bearer;
import dev.runcast.testing.Bearers;
import dev.runcast.testing.Seeds;
import dev.runcast.wire.SharedSegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamReaderTest {

  /** A client: what it was sent, and whether it takes more. */
  private static final class Client implements StreamSink {
    final Random random;
    final StreamModel model;
    final boolean latest;
    final List<Long> chunks = new ArrayList<>();
    StreamReader reader;
    Runnable drained = () -> {};
    boolean full;
    boolean ended;
    int writesWhileFull;

    Client(Random random, StreamModel model) {
      this.random = random;
      this.model = model;
      this.latest = random.nextInt(4) == 0;
      connect(latest ? StreamReader.LATEST : 0);
    }

    void connect(long from) {
      full = false;
      writesWhileFull = 0;
      reader = new StreamReader(model.hub.streams(), StreamModel.STREAM, from, this, model::ask);
      model.hub.heard().horizons().whenKnown(reader::start);
    }

    /** A connection breaks, and the client comes back with what it has. */
    void comeBack() {
      if (!ended && !chunks.isEmpty()) {
        reader.close();
        connect(chunks.get(chunks.size() - 1) + 1);
      }
    }

    void takesOrStops() {
      boolean before = full;
      full = random.nextBoolean();
      if (before && !full) {
        writesWhileFull = 0;
        drained.run();
      }
    }

    void takesAll() {
      full = false;
      writesWhileFull = 0;
      drained.run();
    }

    @Override
    public void write(SharedSegment segment, long from) {
      assertThat(ended).isFalse();
      writesWhileFull += full ? 1 : 0;
      assertThat(writesWhileFull).as("a page at most for who takes nothing").isLessThanOrEqualTo(3);
      String events = segment.sse(from).toString(StandardCharsets.UTF_8);
      for (String event : events.split("\n\n", -1)) {
        if (!event.isEmpty()) {
          String[] lines = event.split("\n", -1);
          long seq = Long.parseLong(lines[0].substring(lines[0].indexOf('-') + 1));
          assertThat(lines[1]).isEqualTo("data: " + seq);
          chunks.add(seq);
        }
      }
      if (random.nextInt(5) == 0) {
        full = true;
      }
    }

    @Override
    public boolean isFull() {
      return full;
    }

    @Override
    public void onDrain(Runnable callback) {
      drained = callback;
    }

    @Override
    public Bearer bearer() {
      return Bearers.KEY;
    }

    @Override
    public void end() {
      assertThat(model.isOver()).as("the stream was over when it ended").isTrue();
      hasTheLastChunk();
      ended = true;
    }

    @Override
    public void breakOff() {
      throw new AssertionError("nobody asked for that");
    }

    void isRight() {
      for (int i = 1; i < chunks.size(); i++) {
        long gap = chunks.get(i) - chunks.get(i - 1);
        assertThat(gap).as("chunks in order, each once").isPositive();
        if (gap > 1) {
          assertThat(chunks.get(i))
              .as("only what was removed is missing")
              .isLessThanOrEqualTo(model.oldest() + 3);
        }
      }
    }

    /** Unless that was removed before it could be sent. */
    void hasTheLastChunk() {
      if (!chunks.isEmpty() && model.oldest() + 3 <= model.nextSeq) {
        assertThat(chunks.get(chunks.size() - 1)).isEqualTo(model.nextSeq - 1);
      }
    }

    void isComplete() {
      isRight();
      if (!latest && model.oldest() == 0 && model.nextSeq > 0) {
        assertThat(chunks).as("all chunks").hasSize((int) model.nextSeq);
      }
      hasTheLastChunk();
      assertThat(reader.next()).isEqualTo(model.nextSeq);
      assertThat(ended).isEqualTo(model.isOver());
      assertThat(ended || reader.isUpToDate()).isTrue();
    }
  }

  @Test
  void everyReaderGetsEveryChunkOnceInOrderAndTheEndAfterTheLast() {
    Seeds.each(
        3_000,
        random -> {
          StreamModel model = new StreamModel(random);
          List<Client> clients = new ArrayList<>();
          for (int step = 0; step < 250; step++) {
            step(random, model, clients);
          }
          if (random.nextBoolean()) {
            model.endRun();
          }
          for (int i = 0; i < 4; i++) {
            for (Client client : clients) {
              client.takesAll();
            }
            model.settle();
          }
          clients.forEach(Client::takesAll);
          model.settle();
          clients.forEach(Client::isComplete);
        });
  }

  private static void step(Random random, StreamModel model, List<Client> clients) {
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> model.write();
      case 3, 4 -> model.publish();
      case 5, 6 -> model.answer();
      case 7 -> {
        if (clients.size() < 4 && random.nextInt(4) == 0) {
          clients.add(new Client(random, model));
        }
      }
      case 8 -> {
        if (!clients.isEmpty()) {
          Client client = clients.get(random.nextInt(clients.size()));
          if (random.nextInt(10) == 0) {
            client.comeBack();
          } else {
            client.takesOrStops();
          }
        }
      }
      default -> {
        model.purge();
        model.handOver();
      }
    }
    clients.forEach(Client::isRight);
  }
}
