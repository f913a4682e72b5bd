package dev.runcast.wal;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Messages as {@code pgoutput} would send them, from values. */
public final class PgOutputBytes {
  /** Stands for a value that was not sent. */
  public static final String UNCHANGED = new String("unchanged");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  private PgOutputBytes() {}

  private interface Writing {
    void to(PgOutputBytes message) throws IOException;
  }

  private static ByteBuffer message(Writing writing) {
    PgOutputBytes message = new PgOutputBytes();
    try {
      writing.to(message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteBuffer.wrap(message.bytes.toByteArray());
  }

  public static ByteBuffer begin(long commitLsn, int xid) {
    return message(
        m -> {
          m.out.writeByte('B');
          m.out.writeLong(commitLsn);
          m.out.writeLong(0);
          m.out.writeInt(xid);
        });
  }

  public static ByteBuffer commit(long commitLsn, long endLsn) {
    return message(
        m -> {
          m.out.writeByte('C');
          m.out.writeByte(0);
          m.out.writeLong(commitLsn);
          m.out.writeLong(endLsn);
          m.out.writeLong(0);
        });
  }

  public static ByteBuffer relation(int oid, String name, List<String> columns) {
    return message(
        m -> {
          m.out.writeByte('R');
          m.out.writeInt(oid);
          m.text("public");
          m.text(name);
          m.out.writeByte('d');
          m.out.writeShort(columns.size());
          for (String column : columns) {
            m.out.writeByte(0);
            m.text(column);
            m.out.writeInt(25);
            m.out.writeInt(-1);
          }
        });
  }

  public static ByteBuffer insert(int relation, List<String> values) {
    return message(
        m -> {
          m.out.writeByte('I');
          m.out.writeInt(relation);
          m.out.writeByte('N');
          m.tuple(values);
        });
  }

  public static ByteBuffer update(int relation, List<String> values) {
    return message(
        m -> {
          m.out.writeByte('U');
          m.out.writeInt(relation);
          m.out.writeByte('N');
          m.tuple(values);
        });
  }

  public static ByteBuffer logicalMessage(
      boolean transactional, long lsn, String prefix, String content) {
    return message(
        m -> {
          m.out.writeByte('M');
          m.out.writeByte(transactional ? 1 : 0);
          m.out.writeLong(lsn);
          m.text(prefix);
          byte[] body = content.getBytes(StandardCharsets.UTF_8);
          m.out.writeInt(body.length);
          m.out.write(body);
        });
  }

  private void text(String value) throws IOException {
    out.write(value.getBytes(StandardCharsets.UTF_8));
    out.writeByte(0);
  }

  // UNCHANGED is told from an equal text by being that very object.
  @SuppressWarnings("ReferenceEquality")
  private void tuple(List<String> values) throws IOException {
    out.writeShort(values.size());
    for (String value : values) {
      if (value == null) {
        out.writeByte('n');
      } else if (value == UNCHANGED) {
        out.writeByte('u');
      } else {
        byte[] body = value.getBytes(StandardCharsets.UTF_8);
        out.writeByte('t');
        out.writeInt(body.length);
        out.write(body);
      }
    }
  }
}
