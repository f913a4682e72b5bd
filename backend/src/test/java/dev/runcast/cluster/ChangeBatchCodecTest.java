package dev.runcast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.run.ChangeBatch;
import dev.runcast.testing.Seeds;
import io.vertx.core.buffer.Buffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChangeBatchCodecTest {
  private final ChangeBatchCodec codec = new ChangeBatchCodec();

  @Test
  void readsBackWhateverItWrote() {
    Seeds.each(
        200,
        random -> {
          ChangeBatch batch = new RandomBatches(random).next();
          Buffer wire = Buffer.buffer(new byte[random.nextInt(5)]);
          int start = wire.length();

          codec.encodeToWire(wire, batch);

          assertThat(codec.decodeFromWire(start, wire)).isEqualTo(batch);
        });
  }

  @Test
  void passesTheBatchItselfWithinANode() {
    ChangeBatch batch = new RandomBatches(new Random(7)).next();

    assertThat(codec.transform(batch)).isSameAs(batch);
  }

  @Test
  void refusesAFormThatItDoesNotKnow() {
    Buffer wire = Buffer.buffer();
    codec.encodeToWire(wire, new RandomBatches(new Random(7)).next());
    wire.setByte(0, (byte) (ChangeBatchCodec.VERSION + 1));

    assertThatThrownBy(() -> codec.decodeFromWire(0, wire))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("form 4");
  }

  @Test
  void refusesABatchThatWasCutShort() {
    Seeds.each(
        200,
        random -> {
          Buffer wire = Buffer.buffer();
          codec.encodeToWire(wire, new RandomBatches(random).next());
          Buffer cut = wire.getBuffer(0, random.nextInt(wire.length()));

          assertThatThrownBy(() -> codec.decodeFromWire(0, cut))
              .isInstanceOf(RuntimeException.class);
        });
  }
}
