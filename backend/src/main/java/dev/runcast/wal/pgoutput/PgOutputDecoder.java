package dev.runcast.wal.pgoutput;

import dev.runcast.run.place.Lsn;
import dev.runcast.wal.pgoutput.PgOutputMessage.Begin;
import dev.runcast.wal.pgoutput.PgOutputMessage.Commit;
import dev.runcast.wal.pgoutput.PgOutputMessage.Insert;
import dev.runcast.wal.pgoutput.PgOutputMessage.Message;
import dev.runcast.wal.pgoutput.PgOutputMessage.Other;
import dev.runcast.wal.pgoutput.PgOutputMessage.Relation;
import dev.runcast.wal.pgoutput.PgOutputMessage.Update;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns one message of {@code pgoutput} (protocol version 1, text format, not streamed) into a
 * {@link PgOutputMessage}. Pure: no connection, no cache, no logging. One pass; the values of a row
 * are left in place (see {@link Tuple}).
 */
public final class PgOutputDecoder {
  private static final long POSTGRES_EPOCH_SECONDS = 946_684_800L;

  private PgOutputDecoder() {}

  /**
   * Reads all of the buffer, which must be backed by an array that nobody writes to afterwards:
   * rows keep it.
   *
   * @throws MalformedMessageException on any bytes that are not such a message, and nothing else
   */
  public static PgOutputMessage decode(ByteBuffer buffer) {
    try {
      PgOutputMessage message = byKind((char) (buffer.get() & 0xff), buffer);
      if (buffer.hasRemaining()) {
        throw new MalformedMessageException(
            buffer.remaining() + " bytes are left behind a replication message");
      }
      return message;
    } catch (BufferUnderflowException e) {
      throw new MalformedMessageException("a replication message ends too early", e);
    }
  }

  private static PgOutputMessage byKind(char kind, ByteBuffer buffer) {
    return switch (kind) {
      case 'B' -> begin(buffer);
      case 'C' -> commit(buffer);
      case 'R' -> relation(buffer);
      case 'I' -> insert(buffer);
      case 'U' -> update(buffer);
      case 'M' -> message(buffer);
      case 'D', 'T', 'O', 'Y' -> {
        buffer.position(buffer.limit());
        yield new Other(kind);
      }
      default ->
          throw new MalformedMessageException(
              "a replication message of unknown kind 0x" + Integer.toHexString(kind));
    };
  }

  private static Begin begin(ByteBuffer buffer) {
    return new Begin(lsn(buffer), time(buffer), buffer.getInt());
  }

  private static Commit commit(ByteBuffer buffer) {
    buffer.get(); // flags: none are defined
    return new Commit(lsn(buffer), lsn(buffer), time(buffer));
  }

  private static Relation relation(ByteBuffer buffer) {
    int oid = buffer.getInt();
    String namespace = text(buffer);
    String name = text(buffer);
    buffer.get(); // replica identity
    int count = buffer.getShort() & 0xffff;
    List<String> columns = new ArrayList<>(Math.min(count, 64));
    for (int i = 0; i < count; i++) {
      buffer.get(); // flags: part of the key or not
      columns.add(text(buffer));
      buffer.getInt(); // type
      buffer.getInt(); // type modifier
    }
    return new Relation(oid, namespace, name, columns);
  }

  private static Insert insert(ByteBuffer buffer) {
    int relation = buffer.getInt();
    expectNewRow(buffer.get());
    return new Insert(relation, Tuple.read(buffer));
  }

  private static Update update(ByteBuffer buffer) {
    int relation = buffer.getInt();
    byte part = buffer.get();
    if (part == 'K' || part == 'O') {
      Tuple.read(buffer);
      part = buffer.get();
    }
    expectNewRow(part);
    return new Update(relation, Tuple.read(buffer));
  }

  private static void expectNewRow(byte part) {
    if (part != 'N') {
      throw new MalformedMessageException("a row change does not say its new row");
    }
  }

  private static Message message(ByteBuffer buffer) {
    boolean transactional = (buffer.get() & 1) != 0;
    Lsn lsn = lsn(buffer);
    String prefix = text(buffer);
    int length = buffer.getInt();
    if (length < 0 || length > buffer.remaining()) {
      throw new MalformedMessageException("a logical message is longer than what holds it");
    }
    ByteBuffer content = buffer.slice(buffer.position(), length).asReadOnlyBuffer();
    buffer.position(buffer.position() + length);
    return new Message(transactional, lsn, prefix, content);
  }

  private static Lsn lsn(ByteBuffer buffer) {
    return new Lsn(buffer.getLong());
  }

  /** Microseconds since 2000-01-01 UTC. */
  private static Instant time(ByteBuffer buffer) {
    long micros = buffer.getLong();
    return Instant.ofEpochSecond(
        POSTGRES_EPOCH_SECONDS + Math.floorDiv(micros, 1_000_000L),
        Math.floorMod(micros, 1_000_000L) * 1_000L);
  }

  /** A string that a zero byte ends. */
  private static String text(ByteBuffer buffer) {
    int start = buffer.position();
    int length = 0;
    while (buffer.get() != 0) {
      length++;
    }
    return new String(buffer.array(), buffer.arrayOffset() + start, length, StandardCharsets.UTF_8);
  }
}
