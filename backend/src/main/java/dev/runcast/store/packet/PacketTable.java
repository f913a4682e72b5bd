package dev.runcast.store.packet;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** Packets, by their names. */
public record PacketTable(Transaction transaction) {
  /** What is put again may be about to be named by a run, so its time begins anew. */
  private static final String PUT =
      """
      insert into packet (environment_id, name, content_type, contents) values ($1, $2, $3, $4)
      on conflict (environment_id, name) do update set content_type = excluded.content_type,
        contents = excluded.contents, keep_until = excluded.keep_until""";

  private static final String FIND =
      "select content_type, contents from packet where environment_id = $1 and name = $2";

  private static final String EXISTS =
      "select 1 from packet where environment_id = $1 and name = $2";

  /** Those that a run still names are looked at again a day later; the others go. */
  private static final String RELEASE =
      """
      with old as materialized (
        select p.environment_id, p.name,
          exists (select from run where run.environment_id = p.environment_id
            and run.payload_type = 'application/store'
            and hashtext(run.payload) = hashtext(p.name) and run.payload = p.name)
          or exists (select from run where run.environment_id = p.environment_id
            and run.output_type = 'application/store'
            and hashtext(run.output) = hashtext(p.name) and run.output = p.name) as named
        from packet p where p.keep_until < now() order by p.keep_until limit $1
        for update of p skip locked),
      kept as (
        update packet set keep_until = now() + interval '1 day' from old
        where packet.environment_id = old.environment_id and packet.name = old.name and old.named),
      gone as (
        delete from packet using old
        where packet.environment_id = old.environment_id and packet.name = old.name
          and not old.named)
      select count(*) as taken from old""";

  /** A packet as it was put. */
  public record Stored(String contentType, Buffer contents) {}

  /** Puts a packet, in place of an earlier one of its name. */
  public Future<Void> put(EnvironmentId environment, String name, Stored packet) {
    return transaction
        .query(PUT, Tuple.of(environment.value(), name, packet.contentType(), packet.contents()))
        .mapEmpty();
  }

  public Future<Optional<Stored>> find(EnvironmentId environment, String name) {
    return transaction.one(
        FIND,
        Tuple.of(environment.value(), name),
        row -> new Stored(row.getString("content_type"), row.getBuffer("contents")));
  }

  public Future<Boolean> exists(EnvironmentId environment, String name) {
    return transaction
        .query(EXISTS, Tuple.of(environment.value(), name))
        .map(rows -> rows.size() == 1);
  }

  /**
   * Looks at so many packets whose time is over and removes those that no run names.
   *
   * @return how many it looked at
   */
  public Future<Integer> release(int limit) {
    return transaction
        .query(RELEASE, Tuple.of((long) limit))
        .map(rows -> rows.iterator().next().getLong("taken").intValue());
  }
}
