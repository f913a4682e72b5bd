package dev.runcast.store.stream;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Streams, as their writers see them. */
public record StreamTable(Transaction transaction) {

  /** Which run a writer means by the one that it names. */
  public enum Target {
    SELF,
    PARENT,
    ROOT
  }

  /** How a run is held until the transaction ends. */
  public enum Lock {
    NONE(""),
    /** It can't be completed meanwhile. */
    SHARED(" for share of meant"),
    /** Nobody else can change it. */
    OWN(" for no key update of meant");

    private final String clause;

    Lock(String clause) {
      this.clause = clause;
    }
  }

  /**
   * The run that a stream belongs to.
   *
   * @param isOver whether it is done
   * @param knowsKey whether it names the stream already
   * @param streams how many it names
   */
  public record StreamRun(RunId id, boolean isOver, boolean knowsKey, int streams) {}

  /** How far a stream has come. */
  public record State(long nextSeq, long revision, int writers) {}

  /** One who writes a stream, under the name that it has given itself. */
  public record WriterId(StreamKey stream, String client) {}

  /**
   * How far a writer has come.
   *
   * @param lastIndex of its last chunk that is stored; -1 before the first
   * @param session of the connection that it writes over; null when it has said that it is done
   */
  public record Writer(long lastIndex, @Nullable String session) {
    public static final Writer NEW = new Writer(-1, null);
  }

  /** A segment that is to be stored. */
  public record NewSegment(
      StreamKey stream, long revision, long firstSeq, int count, String chunks, int writers) {}

  private static final String RUN =
      """
      select meant.id, meant.status, $4 = any(meant.realtime_streams) as known,
        cardinality(meant.realtime_streams) as streams
      from run asked join run meant on meant.environment_id = $1 and meant.id = case $3
          when 'PARENT' then coalesce(asked.parent_id, asked.id)
          when 'ROOT' then coalesce(asked.root_id, asked.id)
          else asked.id end
      where asked.environment_id = $1 and asked.id = $2
        and asked.status <> 'DELETED' and meant.status <> 'DELETED'""";

  private static final String ANNOUNCE =
      """
      update run set realtime_streams = array_append(realtime_streams, $3)
      where environment_id = $1 and id = $2""";

  private static final String CREATE =
      """
      insert into stream (environment_id, run_id, key) values ($1, $2, $3)
      on conflict (environment_id, run_id, key) do nothing""";

  private static final String CREATE_TRACES =
      """
      insert into stream (environment_id, run_id, key)
      select environment_id, id, $2 from run
      where environment_id = $1 and id = any($3) and status <> 'DELETED' order by id
      on conflict (environment_id, run_id, key) do nothing""";

  private static final String LOCK =
      """
      select s.environment_id, s.run_id, s.key, s.next_seq, s.revision, s.writers
      from stream s join unnest($1::text[], $2::text[], $3::text[]) as asked (env, run, key)
        on s.environment_id = asked.env and s.run_id = asked.run and s.key = asked.key
      order by s.environment_id, s.run_id, s.key for update of s""";

  private static final String WRITERS =
      """
      select w.environment_id, w.run_id, w.key, w.client_id, w.last_index, w.session
      from stream_writer w
        join unnest($1::text[], $2::text[], $3::text[], $4::text[]) as asked (env, run, key, client)
        on w.environment_id = asked.env and w.run_id = asked.run and w.key = asked.key
          and w.client_id = asked.client""";

  private static final String STORE =
      """
      with cut as (
        insert into stream_segment
          (environment_id, run_id, key, first_seq, revision, count, chunks, writers)
        select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[],
          $6::integer[], $7::text[], $8::integer[])),
      moved as (
        update stream s
        set next_seq = n.next_seq, revision = n.revision, writers = n.writers, touched_at = now()
        from unnest($9::text[], $10::text[], $11::text[], $12::bigint[], $13::bigint[],
          $14::integer[]) as n (env, run, key, next_seq, revision, writers)
        where s.environment_id = n.env and s.run_id = n.run and s.key = n.key)
      insert into stream_writer (environment_id, run_id, key, client_id, last_index, session)
      select * from unnest($15::text[], $16::text[], $17::text[], $18::text[], $19::bigint[],
        $20::text[])
      on conflict (environment_id, run_id, key, client_id)
        do update set last_index = excluded.last_index, session = excluded.session""";

  /** The run that is meant, locked as asked; empty when there is none, or it was deleted. */
  public Future<Optional<StreamRun>> run(
      EnvironmentId environment, RunId run, Target target, String key, Lock lock) {
    return transaction
        .query(RUN + lock.clause, Tuple.of(environment.value(), run.value(), target.name(), key))
        .map(StreamTable::streamRun);
  }

  private static Optional<StreamRun> streamRun(RowSet<Row> rows) {
    RowIterator<Row> found = rows.iterator();
    if (!found.hasNext()) {
      return Optional.empty();
    }
    Row row = found.next();
    return Optional.of(
        new StreamRun(
            new RunId(row.getString("id")),
            RunStatus.valueOf(row.getString("status")).isFinal(),
            row.getBoolean("known"),
            row.getInteger("streams")));
  }

  /** Has a locked run name one more stream, which its subscribers hear. */
  public Future<Void> announce(StreamKey stream) {
    return transaction.query(ANNOUNCE, values(stream)).mapEmpty();
  }

  /** Makes a stream unless it is there. */
  public Future<Void> create(StreamKey stream) {
    return transaction.query(CREATE, values(stream)).mapEmpty();
  }

  /** Makes streams for those of the runs that are there. */
  public Future<Void> createTraces(EnvironmentId environment, Collection<RunId> runs) {
    String[] ids = runs.stream().map(RunId::value).sorted().toArray(String[]::new);
    String key = StreamKey.trace(environment, runs.iterator().next()).key();
    return transaction
        .query(CREATE_TRACES, Tuple.of(environment.value(), key).addArrayOfString(ids))
        .mapEmpty();
  }

  /** Locks streams until the transaction ends; what is not there is left out. */
  public Future<Map<StreamKey, State>> lock(Collection<StreamKey> streams) {
    Tuple asked = Tuple.tuple();
    addKeys(asked, List.copyOf(streams), Function.identity());
    return transaction
        .query(LOCK, asked)
        .map(
            rows -> {
              Map<StreamKey, State> locked = new HashMap<>();
              for (Row row : rows) {
                locked.put(
                    key(row),
                    new State(
                        row.getLong("next_seq"),
                        row.getLong("revision"),
                        row.getInteger("writers")));
              }
              return locked;
            });
  }

  /** How far writers have come; for streams that are locked. New ones are left out. */
  public Future<Map<WriterId, Writer>> writers(Collection<WriterId> writers) {
    if (writers.isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    List<WriterId> all = List.copyOf(writers);
    Tuple asked = Tuple.tuple();
    addKeys(asked, all, WriterId::stream);
    asked.addArrayOfString(texts(all, WriterId::client));
    return transaction
        .query(WRITERS, asked)
        .map(
            rows -> {
              Map<WriterId, Writer> found = new HashMap<>();
              for (Row row : rows) {
                found.put(
                    new WriterId(key(row), row.getString("client_id")),
                    new Writer(row.getLong("last_index"), row.getString("session")));
              }
              return found;
            });
  }

  /** Stores segments of locked streams, and how far these and their writers have come. */
  public Future<Void> store(
      List<NewSegment> segments, Map<StreamKey, State> streams, Map<WriterId, Writer> writers) {
    Tuple values = Tuple.tuple();
    addKeys(values, segments, NewSegment::stream);
    values
        .addArrayOfLong(longs(segments, NewSegment::firstSeq))
        .addArrayOfLong(longs(segments, NewSegment::revision))
        .addArrayOfInteger(integers(segments, NewSegment::count))
        .addArrayOfString(texts(segments, NewSegment::chunks))
        .addArrayOfInteger(integers(segments, NewSegment::writers));
    List<Map.Entry<StreamKey, State>> moved = new ArrayList<>(streams.entrySet());
    addKeys(values, moved, Map.Entry::getKey);
    values
        .addArrayOfLong(longs(moved, each -> each.getValue().nextSeq()))
        .addArrayOfLong(longs(moved, each -> each.getValue().revision()))
        .addArrayOfInteger(integers(moved, each -> each.getValue().writers()));
    List<Map.Entry<WriterId, Writer>> came = new ArrayList<>(writers.entrySet());
    addKeys(values, came, each -> each.getKey().stream());
    values
        .addArrayOfString(texts(came, each -> each.getKey().client()))
        .addArrayOfLong(longs(came, each -> each.getValue().lastIndex()))
        .addArrayOfString(texts(came, each -> each.getValue().session()));
    return transaction.query(STORE, values).mapEmpty();
  }

  private static Tuple values(StreamKey stream) {
    return Tuple.of(stream.environment().value(), stream.run().value(), stream.key());
  }

  private static StreamKey key(Row row) {
    return new StreamKey(
        new EnvironmentId(row.getString("environment_id")),
        new RunId(row.getString("run_id")),
        row.getString("key"));
  }

  private static <T> void addKeys(Tuple values, List<T> rows, Function<T, StreamKey> stream) {
    values
        .addArrayOfString(texts(rows, row -> stream.apply(row).environment().value()))
        .addArrayOfString(texts(rows, row -> stream.apply(row).run().value()))
        .addArrayOfString(texts(rows, row -> stream.apply(row).key()));
  }

  private static <T> String[] texts(List<T> rows, Function<T, @Nullable String> text) {
    return rows.stream().map(text).toArray(String[]::new);
  }

  private static <T> Long[] longs(List<T> rows, ToLongFunction<T> number) {
    return rows.stream().mapToLong(number).boxed().toArray(Long[]::new);
  }

  private static <T> Integer[] integers(List<T> rows, ToIntFunction<T> number) {
    return rows.stream().mapToInt(number).boxed().toArray(Integer[]::new);
  }
}
