package dev.runcast.wal;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.store.Database;
import dev.runcast.store.feed.RunFeeds;
import dev.runcast.testing.TestPostgres;
import dev.runcast.testing.TestPostgres.TestDatabase;
import dev.runcast.wire.Columns;
import dev.runcast.wire.Frame;
import dev.runcast.wire.FrameJson;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same row out of the log and out of the table is the same run, whatever SQL wrote it. */
class RunTwinIT {
  private static final EnvironmentId ENV = new EnvironmentId("env_a");

  private static final TestDatabase database = TestPostgres.database();
  private static final ReplicationSettings settings = TailProbe.settings(database);
  private static Vertx vertx;
  private static Database pool;
  private static RunFeeds table;
  private static TailProbe tail;

  @BeforeAll
  static void start() {
    database.execute(
        """
        insert into project (id, reference, name) values ('p', 'p', 'p');
        insert into environment (id, project_id, slug) values ('env_a', 'p', 'a')""");
    vertx = Vertx.vertx();
    pool = Database.open(vertx, database.options(), Database.Size.DEFAULT);
    table = new RunFeeds(pool, RunFeeds.PageSize.DEFAULT);
    tail = TailProbe.startLeading(settings);
  }

  @AfterAll
  static void stop() {
    tail.close();
    database.dropSlots();
    await(pool.close());
    await(vertx.close());
  }

  @Test
  void aRowWithNothingSet() {
    insert("bare", "task_identifier", "'t'");

    assertTwins("bare", 1);
  }

  @Test
  void aRowWithEverythingSet() {
    insert(
        "full",
        """
        status, task_identifier, tags, batch_id, batch_index, parent_id, root_id, depth,
        created_at, queued_at, delay_until, started_at, expired_at, completed_at,
        queue, concurrency_key, machine, region, ttl, locked_version, priority, max_attempts,
        max_duration_seconds, trigger_function, is_test, attempt_count, usage_duration_ms,
        cost_in_cents, base_cost_in_cents, realtime_streams, payload_type, output_type, metadata_type,
        idempotency_key, payload, output, metadata, error, options""",
        """
        'COMPLETED_SUCCESSFULLY', 'a task', '{one,two}', 'batch_1', 3, 'run_p', 'run_r', 2,
        '2026-01-02 03:04:05.678901+00', '2026-01-02 03:04:06+00', '2026-01-02 03:04:07.1+00',
        '2026-01-02 03:04:08.12+00', '2026-01-02 03:04:09.123+00', '2026-01-02 03:04:10.123456+00',
        'queue', 'key', 'small-1x', 'eu-west', '10m', '20260102.1', 7, 3,
        3600, 'batchTrigger', true, 2, 1234,
        0.1, 0.2, '{s1,s2}', 'application/json', 'text/plain', 'application/json',
        'idem', '{"a":1}', 'out', '{}', '{"message":"m"}', '{"o":1}'""");

    Run run = assertTwins("full", 1);
    assertThat(run.isWhole()).isTrue();
    assertThat(run.times().createdAt()).isEqualTo("2026-01-02T03:04:05.678901Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "depth = -2147483648, priority = 2147483647, max_attempts = 0, max_duration_seconds = -1",
        "cost_in_cents = 'NaN', base_cost_in_cents = 'Infinity'",
        "cost_in_cents = '-Infinity', base_cost_in_cents = '-0'",
        "cost_in_cents = 4.9e-324, base_cost_in_cents = 1.7976931348623157e308",
        "queued_at = '294276-12-31 23:59:59.999999+00', started_at = '4713-01-01 00:00:00+00 BC'",
        "queued_at = '1582-10-10 12:00:00+00', started_at = '0001-12-31 23:59:59.9+00 BC'",
        "queued_at = '1969-12-31 23:59:59.999999+00', started_at = '2000-02-29 00:00:00+14'",
        "tags = '{\"\",\"NULL\",\" \",\"a,b\",\"{}\",\"\\\"\",\"\\\\\",\"😀é\",\"tab\\\tline\"}'",
        "realtime_streams = '{\"\",null_,\"x y\"}'",
        "queue = '', region = ' ', ttl = E'\\\\\\n\\t\\u00e9😀', machine = 'null'",
        "payload = repeat('é😀', 40000), output = '', metadata = E'\\\\u0000', error = 'not json'",
        "payload_type = 'none such', output_type = '', idempotency_key = repeat('k', 3000)"
      })
  void aRowWithValuesAtTheirEdges(String set) {
    String id = "edge_" + Integer.toHexString(set.hashCode());
    insert(id, "task_identifier", "'t'");
    database.execute("update run set " + set + " where id = '" + id + "'");

    assertTwins(id, 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "batch_id = 'not an id'",
        "batch_id = ''",
        "parent_id = 'run-1'",
        "root_id = repeat('r', 65)",
        "id = 'a.b'",
        "status = 'DONE'",
        "tags = '{a,null}'",
        "tags = '{{a},{b}}'",
        "realtime_streams = '{null}'",
        "task_identifier = ''",
        "created_at = 'infinity'",
        "delay_until = '-infinity'"
      })
  void aValueThatNoRunCanHoldIsRefusedToAnyWriter(String value) {
    String column = value.substring(0, value.indexOf(" = "));
    String literal = value.substring(value.indexOf(" = ") + 3);
    boolean names = column.equals("id");
    boolean tells = column.equals("task_identifier");
    String columns = (tells ? "" : ", task_identifier") + (names ? "" : ", id") + ", " + column;
    String values = (tells ? "" : ", 't'") + (names ? "" : ", 'refused'") + ", " + literal;

    assertThatThrownBy(
            () ->
                database.execute(
                    "insert into run (environment_id"
                        + columns
                        + ") values ('env_a'"
                        + values
                        + ")"))
        .hasMessageContaining("violates check constraint");
  }

  /** The run of this version by both ways, which can also be told to a client. */
  private static Run assertTwins(String id, long version) {
    Run told =
        tail.awaitChange(
                change -> change.run().id().value().equals(id) && change.run().version() == version)
            .run();
    Run read = await(table.one(ENV, new RunId(id))).run();
    assertThat(told).isEqualTo(read);
    byte[] json = FrameJson.encode(new Frame.RunUpdate(told, true, null, null), Columns.ALL);
    assertThat(new JsonObject(Buffer.buffer(json)).getJsonObject("run").getString("id"))
        .isEqualTo(id);
    return told;
  }

  private static void insert(String id, String columns, String values) {
    database.execute(
        "insert into run (environment_id, id, %s) values ('env_a', '%s', %s)"
            .formatted(columns, id, values));
  }
}
