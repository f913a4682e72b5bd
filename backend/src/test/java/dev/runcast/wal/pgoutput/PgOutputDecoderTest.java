package dev.runcast.wal.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.runcast.run.place.Lsn;
import dev.runcast.testing.Seeds;
import dev.runcast.wal.pgoutput.PgOutputMessage.Begin;
import dev.runcast.wal.pgoutput.PgOutputMessage.Commit;
import dev.runcast.wal.pgoutput.PgOutputMessage.Insert;
import dev.runcast.wal.pgoutput.PgOutputMessage.Message;
import dev.runcast.wal.pgoutput.PgOutputMessage.Other;
import dev.runcast.wal.pgoutput.PgOutputMessage.Relation;
import dev.runcast.wal.pgoutput.PgOutputMessage.Update;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * On bytes that two versions of Postgres sent; {@code CaptureGoldenBytes} says how they were got.
 */
class PgOutputDecoderTest {
  private static final List<String> KINDS =
      List.of(
          "begin",
          "commit",
          "relation",
          "type",
          "origin",
          "insert",
          "update-1",
          "update-2",
          "update-3",
          "delete",
          "truncate",
          "message",
          "message-inside");

  @ParameterizedTest
  @ValueSource(strings = {"pg15", "pg18"})
  void readsBeginAndCommit(String version) {
    Begin begin = (Begin) decode(version, "begin");
    Commit commit = (Commit) decode(version, "commit");

    assertThat(begin.commitLsn()).isEqualTo(commit.commitLsn());
    assertThat(commit.endLsn()).isGreaterThan(commit.commitLsn());
    assertThat(begin.committedAt()).isEqualTo(commit.committedAt());
    assertThat(begin.committedAt())
        .isBetween(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2030-01-01T00:00:00Z"));
    assertThat(begin.xid()).isBetween(700, 2000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg15", "pg18"})
  void readsARelation(String version) {
    Relation relation = (Relation) decode(version, "relation");

    assertThat(relation.namespace()).isEqualTo("public");
    assertThat(relation.name()).isEqualTo("golden");
    assertThat(relation.columns()).containsExactly("id", "n", "tags", "at", "mood", "wide");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg15", "pg18"})
  void readsAnInsert(String version) {
    Insert insert = (Insert) decode(version, "insert");

    Tuple row = insert.row();
    assertThat(insert.relation()).isEqualTo(((Relation) decode(version, "relation")).oid());
    assertThat(row.size()).isEqualTo(6);
    assertThat(row.text(0)).isEqualTo("ä");
    assertThat(row.int8(1)).isEqualTo(-42);
    assertThat(row.textArray(2)).containsExactly("a", "b c", null);
    assertThat(row.timestamptz(3)).isEqualTo("2026-01-02T03:04:05.678901Z");
    assertThat(row.isAscii(4, "fine")).isTrue();
    assertThat(row.isAscii(4, "fin")).isFalse();
    assertThat(row.isAscii(4, "fink")).isFalse();
    assertThat(row.text(5)).isEqualTo("x".repeat(5000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg15", "pg18"})
  void tellsNullFromUnchangedInAnUpdate(String version) {
    Tuple row = ((Update) decode(version, "update-1")).row();

    assertThat(row.int4(1)).isEqualTo(43);
    assertThat(row.isNull(3)).isTrue();
    assertThat(row.isUnchanged(3)).isFalse();
    assertThat(row.isUnchanged(5)).isTrue();
    assertThat(row.isNull(5)).isFalse();
    assertThat(row.isText(5)).isFalse();
    assertThat(row.textOrNull(5)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "pg15,update-2,b,43",
    "pg18,update-2,b,43",
    "pg15,update-3,b,44",
    "pg18,update-3,b,44"
  })
  void readsOverTheOldRowOfAnUpdate(String version, String file, String id, long n) {
    Tuple row = ((Update) decode(version, file)).row();

    assertThat(row.text(0)).isEqualTo(id);
    assertThat(row.int8(1)).isEqualTo(n);
    assertThat(row.textArray(2)).containsExactly("a", "b c", null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg15", "pg18"})
  void readsAMessageThatStandsAlone(String version) {
    Message message = (Message) decode(version, "message");

    assertThat(message.transactional()).isFalse();
    assertThat(message.lsn()).isGreaterThan(Lsn.ZERO);
    assertThat(message.prefix()).isEqualTo("the end");
    assertThat(StandardCharsets.UTF_8.decode(message.content()).toString()).isEqualTo("ünïcode");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg15", "pg18"})
  void readsAMessageInsideATransaction(String version) {
    Message message = (Message) decode(version, "message-inside");

    assertThat(message.transactional()).isTrue();
    assertThat(message.prefix()).isEqualTo("inside");
  }

  @ParameterizedTest
  @CsvSource({"delete,D", "truncate,T", "origin,O", "type,Y"})
  void namesWhatTellsUsNothing(String file, char kind) {
    assertThat(decode("pg15", file)).isEqualTo(new Other(kind));
    assertThat(decode("pg18", file)).isEqualTo(new Other(kind));
  }

  @Test
  void readsAMessageThatDoesNotStartAtTheArraysFirstByte() {
    byte[] insert = bytes("pg18", "insert");
    byte[] framed = new byte[insert.length + 32];
    System.arraycopy(insert, 0, framed, 25, insert.length);
    ByteBuffer slice = ByteBuffer.wrap(framed, 7, insert.length + 18).slice();

    Insert read = (Insert) PgOutputDecoder.decode(slice.position(18).slice().limit(insert.length));

    assertThat(read.row().text(0)).isEqualTo("ä");
    assertThat(read.row().int8(1)).isEqualTo(-42);
  }

  @Test
  void refusesEveryMessageThatIsCutShort() {
    for (String kind : KINDS) {
      byte[] whole = bytes("pg18", kind);
      boolean isRead = !(decode("pg18", kind) instanceof Other);
      for (int length = 0; length < Math.min(whole.length, 600); length++) {
        ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(whole, length));
        if (isRead || length == 0) {
          assertThatThrownBy(() -> PgOutputDecoder.decode(cut))
              .as("%s cut to %d bytes", kind, length)
              .isInstanceOf(MalformedMessageException.class);
        }
      }
    }
  }

  @Test
  void refusesBytesBehindAMessage() {
    byte[] commit = bytes("pg18", "commit");

    assertThatThrownBy(
            () -> PgOutputDecoder.decode(ByteBuffer.wrap(Arrays.copyOf(commit, commit.length + 1))))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("left behind");
  }

  @Test
  void throwsNothingElseOnRandomBytes() {
    Seeds.each(
        20_000,
        random -> {
          byte[] noise = new byte[random.nextInt(200)];
          random.nextBytes(noise);
          if (noise.length > 0 && random.nextBoolean()) {
            noise[0] = (byte) "BCRIUMDTOY".charAt(random.nextInt(10));
          }
          readAll(noise);
        });
  }

  @Test
  void throwsNothingElseOnDamagedMessages() {
    Seeds.each(
        20_000,
        random -> {
          byte[] damaged = bytes("pg18", KINDS.get(random.nextInt(KINDS.size())));
          for (int i = random.nextInt(4); i >= 0; i--) {
            damaged[random.nextInt(Math.min(damaged.length, 200))] = (byte) random.nextInt();
          }
          readAll(Arrays.copyOf(damaged, damaged.length - damagedTail(random, damaged)));
        });
  }

  private static int damagedTail(Random random, byte[] message) {
    return random.nextBoolean() ? 0 : random.nextInt(message.length);
  }

  /** Decodes, and parses every value in every way, as far as it goes. */
  private static void readAll(byte[] bytes) {
    try {
      PgOutputMessage message = PgOutputDecoder.decode(ByteBuffer.wrap(bytes));
      if (message instanceof Insert insert) {
        parseAll(insert.row());
      } else if (message instanceof Update update) {
        parseAll(update.row());
      }
    } catch (MalformedMessageException expected) {
      assertThat(expected).hasMessageNotContaining("null");
    }
  }

  private static void parseAll(Tuple row) {
    for (int i = 0; i < row.size(); i++) {
      if (row.isText(i)) {
        int column = i;
        List<Runnable> parsers =
            List.of(
                () -> row.text(column),
                () -> row.int8(column),
                () -> row.int4(column),
                () -> row.float8(column),
                () -> row.bool(column),
                () -> row.timestamptz(column),
                () -> row.textArray(column));
        parsers.forEach(PgOutputDecoderTest::parse);
      }
    }
  }

  private static void parse(Runnable parser) {
    try {
      parser.run();
    } catch (MalformedMessageException expected) {
      // the only thing it may throw
    } catch (RuntimeException e) {
      fail("a parser threw something else", e);
    }
  }

  private static PgOutputMessage decode(String version, String kind) {
    return PgOutputDecoder.decode(ByteBuffer.wrap(bytes(version, kind)));
  }

  private static byte[] bytes(String version, String kind) {
    String path = "/pgoutput/" + version + "/" + kind + ".bin";
    try (InputStream file = PgOutputDecoderTest.class.getResourceAsStream(path)) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
