package dev.runcast.it.harness;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Threads that write runs at random until they are stopped: rows small and wide, several in a
 * transaction, aborted and slow ones, tombstones and purges. A write that fails, because the
 * database is away, is simply not written.
 */
public final class RandomWriter {
  private static final List<String> STATUSES =
      List.of("PENDING", "DEQUEUED", "EXECUTING", "COMPLETED_SUCCESSFULLY", "CANCELED");
  private static final String WIDE = NewRun.wideJson(20_000);
  private static final List<String> TAGS = List.of("a", "b", "c", "user:1");

  private final RunWriter sql;
  private final long seed;
  private final List<String> batches;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  public RandomWriter(RunWriter sql, long seed) {
    this.sql = sql;
    this.seed = seed;
    this.batches = List.of(sql.insertBatch(100), sql.insertBatch(100));
  }

  /** The batches that its runs are in. */
  public List<String> batches() {
    return batches;
  }

  /**
   * Starts writing.
   *
   * @param kept runs that it changes but never deletes; the first is a parent to others
   */
  public void start(List<String> kept, int count) {
    for (int i = 0; i < count; i++) {
      Work work = new Work(new Random(seed + i), kept);
      Thread thread = new Thread(work::run, "random writer " + i);
      thread.start();
      threads.add(thread);
    }
  }

  /** Returns when the last of them has ended. */
  public void stop() {
    stopped = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  /** What one thread does, and the runs that it has made. */
  private final class Work {
    private final Random random;
    private final List<String> kept;
    private final List<String> own = new ArrayList<>();

    Work(Random random, List<String> kept) {
      this.random = random;
      this.kept = kept;
    }

    void run() {
      while (!stopped) {
        try {
          step();
        } catch (IllegalStateException databaseAway) {
          Await.pause(50);
        }
      }
    }

    private void step() {
      int choice = random.nextInt(100);
      if (own.size() < 10 || choice < 15) {
        own.add(sql.insert(newRun()));
      } else if (choice < 70) {
        sql.transact(this::change);
      } else if (choice < 80) {
        sql.transact(this::changeSeveral);
      } else if (choice < 85) {
        sql.transact(this::changeAndThinkBetterOfIt);
      } else if (choice < 90) {
        sql.transact(this::changeSlowly);
      } else if (choice < 96) {
        delete(own.remove(random.nextInt(own.size())));
      } else if (choice < 97) {
        sql.transact(
            transaction ->
                transaction.execute(
                    "update run set output = '\"all\"' where tags @> array['c']"
                        + " and status <> 'DELETED'"));
      } else {
        Await.pause(random.nextInt(30));
      }
    }

    private NewRun newRun() {
      NewRun made = NewRun.run().tagged(tags()).carrying(value());
      made = random.nextInt(3) == 0 ? made.inBatch(batches.get(random.nextInt(2))) : made;
      return random.nextInt(3) == 0 ? made.under(kept.get(0)) : made;
    }

    private String[] tags() {
      return TAGS.stream().filter(tag -> random.nextInt(3) == 0).toArray(String[]::new);
    }

    private void change(RunWriter.Transaction transaction) throws SQLException {
      String id = random.nextInt(4) == 0 ? anyOf(kept) : anyOf(own);
      switch (random.nextInt(6)) {
        case 0 -> transaction.update(id, "status = ?", anyOf(STATUSES));
        case 1 -> transaction.update(id, "output = ?", value());
        case 2 -> transaction.update(id, "metadata = ?, status = ?", value(), anyOf(STATUSES));
        case 3 -> transaction.update(id, "output = null, error = ?", value());
        case 4 -> transaction.update(id, "payload = ?", value());
        default ->
            transaction.update(
                id,
                "tags = case when ? = any(tags) then tags else tags || ?::text end",
                anyOf(TAGS),
                anyOf(TAGS));
      }
    }

    private void changeSeveral(RunWriter.Transaction transaction) throws SQLException {
      for (int i = random.nextInt(4); i >= 0; i--) {
        transaction.update(anyOf(own), "output = ?", value());
      }
    }

    private void changeAndThinkBetterOfIt(RunWriter.Transaction transaction) throws SQLException {
      change(transaction);
      transaction.connection().rollback();
    }

    /** Its xid is old by the time it commits, and later ones have passed it. */
    private void changeSlowly(RunWriter.Transaction transaction) throws SQLException {
      transaction.update(anyOf(own), "metadata = ?", value());
      Await.pause(random.nextInt(400));
    }

    private void delete(String id) {
      sql.update(id, "status = 'DELETED'");
      if (random.nextBoolean()) {
        sql.transact(transaction -> transaction.execute("delete from run where id = ?", id));
      }
    }

    private String value() {
      // Different at every write, whichever thread it is: two versions never look alike.
      String unique = "\"" + ThreadLocalRandom.current().nextLong();
      return random.nextInt(5) == 0
          ? unique + WIDE.substring(random.nextInt(10_000))
          : unique + "v".repeat(random.nextInt(200)) + "\"";
    }

    private String anyOf(List<String> values) {
      return values.get(random.nextInt(values.size()));
    }
  }
}
