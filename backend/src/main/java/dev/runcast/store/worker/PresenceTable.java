package dev.runcast.store.worker;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;

/** Who was there to take runs, and when last. */
public record PresenceTable(Transaction transaction) {
  private static final String HEAR_OF_BUILDS =
      """
      insert into presence (environment_id, worker_id)
      select environment_id, id from worker where environment_id = $1 and id = any($2) order by id
      on conflict (environment_id, worker_id, queue) do update set heard_at = excluded.heard_at""";

  private static final String HEAR_OF_QUEUE =
      """
      insert into presence (environment_id, queue) values ($1, $2)
      on conflict (environment_id, worker_id, queue) do update set heard_at = excluded.heard_at""";

  private static final String FORGET =
      """
      delete from presence p using (
        select environment_id, queue from presence
        where queue <> '' and heard_at < now() - make_interval(secs => $1)
        limit $2 for update skip locked) gone
      where p.environment_id = gone.environment_id and p.worker_id = '' and p.queue = gone.queue""";

  /** Somebody who has builds asks for runs; of those that are not the environment's not. */
  public Future<Void> hearOfBuilds(EnvironmentId environment, List<String> builds) {
    Tuple values = Tuple.of(environment.value()).addArrayOfString(builds.toArray(String[]::new));
    return transaction.query(HEAR_OF_BUILDS, values).mapEmpty();
  }

  /** Somebody claims runs of a queue, or works on one. */
  public Future<Void> hearOfQueue(EnvironmentId environment, String queue) {
    return transaction.query(HEAR_OF_QUEUE, Tuple.of(environment.value(), queue)).mapEmpty();
  }

  /** Forgets queues of which nobody was heard for so long. Says how many. */
  public Future<Integer> forgetQueues(Duration unheard, int limit) {
    return transaction
        .query(FORGET, Tuple.of(unheard.toMillis() / 1000.0, (long) limit))
        .map(RowSet::rowCount);
  }
}
