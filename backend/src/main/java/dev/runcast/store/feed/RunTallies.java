package dev.runcast.store.feed;

import dev.runcast.run.Filter;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.tally.FeedTally;
import dev.runcast.store.Conditions;
import dev.runcast.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The runs of feeds added up by the database: whatever the size of the feed, what comes back is a
 * row for each status, or for each status and part of the feed. One statement, hence one snapshot.
 */
public final class RunTallies implements TallyReader {
  /** The part of a feed that a run belongs to, as {@link dev.runcast.run.tally.RunHash} has it. */
  static final String BUCKET = "(hashtextextended(run.id, 0) & 255)::integer";

  private static final String COUNTS =
      """
      select run.status, 0 as bucket, count(*) as members, '0' as digest
      from run where %s group by run.status""";

  private static final String DIGESTS =
      """
      select run.status, BUCKET as bucket, count(*) as members,
        sum(hashtextextended(run.id || ':' || run.version, 0))::text as digest
      from run where %s group by 1, 2"""
          .replace("BUCKET", BUCKET);

  private static final String READ =
      """
      select pg_current_snapshot()::text as snapshot, found.*
      from (select) once left join (%s) found on true""";

  private final Database database;

  public RunTallies(Database database) {
    this.database = database;
  }

  @Override
  public Future<FeedTally> tally(Filter filter, boolean digest) {
    Conditions conditions = FeedQuery.scope(filter);
    conditions.and("run.status <> 'DELETED'");
    Set<RunStatus> statuses = filter.narrowing().statuses();
    if (!statuses.isEmpty()) {
      conditions.and(
          "run.status = any(%s)", statuses.stream().map(Enum::name).toArray(String[]::new));
    }
    String found = (digest ? DIGESTS : COUNTS).formatted(conditions.where());
    return database.query(READ.formatted(found), conditions.parameters()).map(RunTallies::read);
  }

  private static FeedTally read(RowSet<Row> rows) {
    List<FeedTally.Part> parts = new ArrayList<>(rows.size());
    for (Row row : rows) {
      String status = row.getString("status");
      if (status != null) {
        parts.add(
            new FeedTally.Part(
                RunStatus.valueOf(status),
                row.getInteger("bucket"),
                row.getLong("members"),
                new BigInteger(row.getString("digest")).longValue()));
      }
    }
    Row head = rows.iterator().next();
    return new FeedTally(Visibility.parse(head.getString("snapshot")), parts);
  }
}
