package dev.runcast.run.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runcast.testing.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LsnTest {
  @Test
  void printsAsPostgresDoesAndReadsWhatItPrinted() {
    assertThat(new Lsn(0x16_B374D848L)).hasToString("16/B374D848");
    Seeds.each(
        1_000,
        random -> {
          Lsn lsn = new Lsn(random.nextLong() >>> random.nextInt(64));
          assertThat(Lsn.parse(lsn.toString())).isEqualTo(lsn);
        });
  }

  @Test
  void isOrderedAsUnsigned() {
    Lsn highest = Lsn.parse("FFFFFFFF/FFFFFFFF");

    assertThat(highest.isAfter(new Lsn(Long.MAX_VALUE))).isTrue();
    assertThat(Lsn.ZERO.isAfter(highest)).isFalse();
    assertThat(highest.isAfter(highest)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "1",
        "1/",
        "/1",
        "-1/0",
        "0/-1",
        "0/G",
        "1/2/3",
        "123456789/0",
        "0/123456789"
      })
  void refusesWhatPostgresWouldNotPrint(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Lsn.parse(text));
  }
}
