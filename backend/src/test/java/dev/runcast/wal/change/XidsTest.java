package dev.runcast.wal.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.testing.Seeds;
import org.junit.jupiter.api.Test;

class XidsTest {

  @Test
  void givesBackTheXidWhenItIsNear() {
    Seeds.each(
        2_000,
        random -> {
          long xid = random.nextLong() & Long.MAX_VALUE >> 2;
          long near = xid + random.nextInt();

          assertThat(Xids.widen((int) xid, near)).isEqualTo(xid);
          assertThat(Xids.isSame((int) xid, xid)).isTrue();
          assertThat(Xids.isSame((int) xid, xid + 1)).isFalse();
        });
  }

  @Test
  void crossesAnEpochInBothDirections() {
    assertThat(Xids.widen(3, (1L << 32) - 5)).isEqualTo((1L << 32) + 3);
    assertThat(Xids.widen(-5, (1L << 32) + 3)).isEqualTo((1L << 32) - 5);
  }
}
