package dev.runcast.it.bench.connection;

import dev.runcast.it.bench.BenchDatabase;
import dev.runcast.it.bench.Pace;
import dev.runcast.it.bench.clients.ChunkWriter;
import dev.runcast.it.bench.process.Usage;
import java.lang.management.ManagementFactory;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The least that storing chunks can take: those of twenty milliseconds by one statement of many
 * rows, each in a commit of its own, into a table that nothing reads.
 */
final class BareInsert implements AutoCloseable {
  private static final int STATEMENTS_PER_SECOND = 50;

  private final BenchDatabase database;
  private final Connection connection;
  private final PreparedStatement insert;

  BareInsert(BenchDatabase database) {
    this.database = database;
    database.run(
        "create table bench_chunk (stream int not null, sequence bigint not null,"
            + " chunk text not null, primary key (stream, sequence))");
    try {
      connection = database.connect();
      insert =
          connection.prepareStatement(
              """
              insert into bench_chunk
              select place % 500, ? + place, chunk
              from unnest(?::text[]) with ordinality as written (chunk, place)""");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes at this pace; how many chunks for each second of processor time. */
  double perCpuSecond(Pace pace) {
    long mine = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Usage before = Usage.ofTree(database.postmasterPid());
    long[] written = new long[1];
    List<String> gathered = new ArrayList<>();
    int atOnce = (int) Math.max(1, pace.perSecond() / STATEMENTS_PER_SECOND);
    pace.run(
        due -> {
          for (int i = 0; i < due; i++) {
            gathered.add(ChunkWriter.chunk());
          }
          if (gathered.size() >= atOnce) {
            written[0] += store(gathered);
            gathered.clear();
          }
        });
    Usage postgres = Usage.ofTree(database.postmasterPid()).since(before);
    double own = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - mine) / 1e9;
    return written[0] / Math.max(0.01, postgres.cpuSeconds() + own);
  }

  private int store(List<String> chunks) {
    try {
      Array array = connection.createArrayOf("text", chunks.toArray());
      insert.setLong(1, System.nanoTime());
      insert.setArray(2, array);
      return insert.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    database.run("drop table bench_chunk");
  }
}
