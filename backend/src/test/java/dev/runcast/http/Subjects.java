package dev.runcast.http;

/** What the calls of the {@link RouteTable} are about. */
final class Subjects {
  static final String RUN = "run_a";
  static final String BATCH = "batch_a";
  static final String PACKET = "packet_a";
  static final String WAITPOINT = "waitpoint_a";

  /** All of them, in env_dev. Whoever is told of {@code hidden} was told too much. */
  static final String ROWS =
      """
      insert into packet (environment_id, name, content_type, contents)
        values ('env_dev', 'packet_a', 'text/plain', 'hidden');
      insert into batch (environment_id, id, run_count, sealed_at)
        values ('env_dev', 'batch_a', 5, now());
      insert into run (environment_id, id, task_identifier, status, tags, batch_id, batch_index,
          metadata, metadata_type, payload, payload_type, idempotency_key)
        values ('env_dev', 'run_a', 'task_a', 'EXECUTING', '{tag:a,hidden}', 'batch_a', 0,
          '{"hidden":1}', 'application/json', 'packet_a', 'application/store', 'key_a');
      insert into run (environment_id, id, task_identifier, status, delay_until)
        values ('env_dev', 'run_delayed', 'task_a', 'DELAYED', now() + interval '1 h');
      insert into run (environment_id, id, task_identifier, status, output, output_type)
        values ('env_dev', 'run_done', 'task_a', 'COMPLETED_SUCCESSFULLY', '"hidden"',
          'application/json');
      insert into idempotency_key values
        ('env_dev', 'task_a', 'key_a', 'run_a', now() + interval '1 h');
      insert into waitpoint (environment_id, id, callback, tags)
        values ('env_dev', 'waitpoint_a', 'secret_a', '{hidden}');
      insert into run (environment_id, id, task_identifier, status)
        values ('env_dev', 'run_held', 'task_a', 'DEQUEUED'),
          ('env_dev', 'run_busy', 'task_a', 'EXECUTING'),
          ('env_dev', 'run_waits', 'task_a', 'EXECUTING'),
          ('env_dev', 'run_leased', 'task_a', 'EXECUTING'),
          ('env_dev', 'run_given', 'task_a', 'EXECUTING');
      insert into worker (environment_id, id, number, version, content_hash)
        values ('env_dev', 'worker_a', 1, '20200101.1', 'hash');
      insert into queue (environment_id, name, id) values ('env_dev', 'task/task_a', 'queue_a');
      update run set locked_version = '20200101.1' where id in ('run_held', 'run_busy');
      insert into execution (environment_id, run_id, task, queue, rank, status, snapshot, description,
          worker_id)
        values ('env_dev', 'run_held', 'task_a', 'task/task_a', now(), 'PENDING_EXECUTING', 1, '',
            'worker_a'),
          ('env_dev', 'run_busy', 'task_a', 'task/task_a', now(), 'EXECUTING', 2, '', 'worker_a'),
          ('env_dev', 'run_waits', 'task_a', 'task/task_a', now(), 'EXECUTING', 3, '', 'worker_a');
      update execution set begun_from = 0 where status = 'EXECUTING';
      insert into execution (environment_id, run_id, task, queue, rank, status, description, attempt,
          lease, lease_until)
        values ('env_dev', 'run_leased', 'task_a', 'task/task_a', now(), 'EXECUTING', '', 1,
            'lease_a', now() + interval '1 h'),
          ('env_dev', 'run_given', 'task_a', 'task/task_a', now(), 'EXECUTING', '', 1,
            'lease_b', now() + interval '1 h');
      insert into schedule (environment_id, id, task, cron, timezone, deduplication_key, external_id)
        values ('env_dev', 'sched_a', 'task_a', '@daily', 'UTC', 'a', 'hidden')""";

  private Subjects() {}
}
