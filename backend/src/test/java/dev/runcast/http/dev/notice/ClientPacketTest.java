package dev.runcast.http.dev.notice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.dev.notice.ClientPacket.Kind;
import dev.runcast.run.RunId;
import dev.runcast.testing.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line tool sends, to the letter, and what nobody should. */
class ClientPacketTest {
  private static final String SUBSCRIBE =
      "42/dev-worker,[\"run:subscribe\",{\"version\":\"1\",\"runFriendlyIds\":[\"run_a\",\"run_b\"]}]";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "3 | PONG | ``",
        "1 | CLOSE | ``",
        "40/dev-worker, | CONNECT | /dev-worker",
        "40/dev-worker | CONNECT | /dev-worker",
        "40/dev-worker,{} | CONNECT | /dev-worker",
        "40 | CONNECT | /",
        "41/dev-worker, | DISCONNECT | /dev-worker",
        "42/dev-worker,[\"shout\",1] | OTHER | /dev-worker",
        "42/dev-worker,7[\"shout\"] | OTHER | /dev-worker",
        "42[\"shout\"] | OTHER | /",
      })
  void aPacketIsOfAKindAndANamespace(String text, Kind kind, String namespace) {
    ClientPacket packet = ClientPacket.parse(text);

    assertThat(packet.kind()).isEqualTo(kind);
    assertThat(packet.namespace()).isEqualTo(namespace);
  }

  @Test
  void theRunsThatItNamesAreRead() {
    ClientPacket subscribe = ClientPacket.parse(SUBSCRIBE);
    ClientPacket unsubscribe = ClientPacket.parse(SUBSCRIBE.replace("subscribe", "unsubscribe"));

    assertThat(subscribe.kind()).isEqualTo(Kind.SUBSCRIBE);
    assertThat(subscribe.runs()).containsExactly(new RunId("run_a"), new RunId("run_b"));
    assertThat(unsubscribe.kind()).isEqualTo(Kind.UNSUBSCRIBE);
    assertThat(unsubscribe.runs()).hasSize(2);
  }

  @Test
  void theTokenThatItBringsIsRead() {
    ClientPacket packet = ClientPacket.parse("40/dev-worker,{\"token\":\"tr_dev_x\"}");

    assertThat(packet.token()).isEqualTo("tr_dev_x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "0{\"sid\":\"x\"}",
        "2",
        "2probe",
        "3x",
        "1x",
        "4",
        "5",
        "6",
        "bAAAA",
        "43/dev-worker,1[]",
        "44/dev-worker,{}",
        "451-/dev-worker,[\"run:subscribe\",{\"_placeholder\":true,\"num\":0}]",
        "47/dev-worker,",
        "40/dev-worker,[]",
        "40/dev-worker,{\"token\":1}",
        "41/dev-worker,{}",
        "42/dev-worker,",
        "42/dev-worker,{}",
        "42/dev-worker,[]",
        "42/dev-worker,[1]",
        "42/dev-worker,[\"run:subscribe\"]",
        "42/dev-worker,[\"run:subscribe\",{}]",
        "42/dev-worker,[\"run:subscribe\",{\"runFriendlyIds\":\"run_a\"}]",
        "42/dev-worker,[\"run:subscribe\",{\"runFriendlyIds\":[1]}]",
        "42/dev-worker,[\"run:subscribe\",{\"runFriendlyIds\":[\"no such id\"]}]",
        "42/dev-worker,[\"run:subscribe\",{\"runFriendlyIds\":[]}",
        "42/dev-worker,[\"shout\",[[[[[[[[[1]]]]]]]]]]",
        "hello",
      })
  void whatCannotBeReadIsMalformed(String text) {
    assertThat(ClientPacket.parse(text).kind()).isEqualTo(Kind.MALFORMED);
  }

  @Test
  void noTextIsTooOddToBeJudged() {
    Seeds.each(
        2_000,
        random -> {
          StringBuilder text = new StringBuilder(SUBSCRIBE);
          for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(text.length());
            text.setCharAt(at, (char) random.nextInt(random.nextBoolean() ? 128 : 0x10000));
          }
          text.setLength(1 + random.nextInt(text.length()));

          assertThat(ClientPacket.parse(text.toString()).kind()).isNotNull();
        });
  }
}
