package dev.runcast.store.wait;

import dev.runcast.run.WaitpointId;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;

/** Waitpoints that the next chunk of what is sent in to a run completes. */
public record InputWaitTable(Transaction transaction) {
  private static final String INSERT =
      """
      insert into input_wait (environment_id, run_id, key, waitpoint_id, after)
      values ($1, $2, $3, $4, $5)""";

  /** Chunks are lines of segments; those that were swept are passed over. */
  private static final String FULFIL =
      """
      with came as (
        select w.environment_id, w.waitpoint_id, split_part(s.chunks, E'\\n',
            (greatest(w.after + 1 - s.first_seq, 0) + 1)::integer) as chunk
        from input_wait w cross join lateral (
          select first_seq, chunks from stream_segment s
          where s.environment_id = w.environment_id and s.run_id = w.run_id and s.key = w.key
            and s.first_seq + s.count > w.after + 1
          order by s.first_seq, s.revision limit 1) s
        where w.environment_id = $1 and w.run_id = $2 and w.key = $3),
      done as (
        delete from input_wait w using came
        where w.environment_id = came.environment_id and w.waitpoint_id = came.waitpoint_id),
      no_more_due as (
        delete from due using came where due.kind = 'WAITPOINT'
          and due.environment_id = came.environment_id and due.ref = came.waitpoint_id)
      update waitpoint p set status = 'COMPLETED', completed_at = clock_timestamp(),
        output = came.chunk, output_type = 'application/json', output_is_error = false
      from came where p.environment_id = came.environment_id and p.id = came.waitpoint_id
        and p.status = 'WAITING'""";

  /** A waitpoint of a run that is over has nobody who waits for it. */
  private static final String REMOVE =
      """
      with gone as (
        delete from input_wait where (environment_id, waitpoint_id) in (
          select w.environment_id, w.waitpoint_id from input_wait w
            left join run r on r.environment_id = w.environment_id and r.id = w.run_id
            left join waitpoint p on p.environment_id = w.environment_id and p.id = w.waitpoint_id
          where r.id is null or r.completed_at is not null or r.status = 'DELETED'
            or p.id is null or p.status <> 'WAITING'
          limit $1 for update of w skip locked)
        returning environment_id, waitpoint_id),
      unwanted as (
        delete from waitpoint p using gone where p.environment_id = gone.environment_id
          and p.id = gone.waitpoint_id and p.status = 'WAITING')
      select from gone""";

  /**
   * Has the next chunk of a stream, which the caller has locked, complete a waitpoint.
   *
   * @param after the number of the last chunk that does not; -1 for none
   */
  public Future<Void> insert(StreamKey stream, WaitpointId waitpoint, long after) {
    return transaction
        .query(INSERT, key(stream).addString(waitpoint.value()).addLong(after))
        .mapEmpty();
  }

  /**
   * Completes the waitpoints of a stream whose chunk is there; the caller has locked the stream.
   * Says how many.
   */
  public Future<Integer> fulfil(StreamKey stream) {
    return transaction.query(FULFIL, key(stream)).map(RowSet::rowCount);
  }

  /** Removes so many of those that nobody waits for. Says how many it removed. */
  public Future<Integer> remove(int limit) {
    return transaction.query(REMOVE, Tuple.of((long) limit)).map(RowSet::size);
  }

  private static Tuple key(StreamKey stream) {
    return Tuple.of(stream.environment().value(), stream.run().value(), stream.key());
  }
}
