-- Tenants -----------------------------------------------------------------------------------------

create table project (
  id text primary key check (id ~ '^[A-Za-z0-9_-]{1,64}$'),
  reference text not null unique,
  name text not null,
  created_at timestamptz not null default now()
);

create table environment (
  id text primary key check (id ~ '^[A-Za-z0-9_-]{1,64}$'),
  project_id text not null references project,
  slug text not null,
  created_at timestamptz not null default now(),
  unique (project_id, slug)
);

-- A secret key is also the HMAC key of public tokens, so it must be readable again: it is kept sealed
-- (AES-256-GCM under the master key named by master_key_id) and found by its SHA-256.
create table secret_key (
  digest bytea primary key,
  environment_id text not null references environment,
  sealed bytea not null,
  master_key_id text not null,
  created_at timestamptz not null default now(),
  valid_until timestamptz -- null: current; set at rotation: still accepted until then
);
create index secret_key_by_environment on secret_key (environment_id);

create table personal_token (
  digest bytea primary key,
  name text not null,
  created_at timestamptz not null default now()
);

-- Runs --------------------------------------------------------------------------------------------

-- How far a batch has come follows from its runs and is not kept.
create table batch (
  environment_id text not null references environment,
  id text not null check (id ~ '^[A-Za-z0-9_]{1,64}$'),
  run_count integer not null check (run_count > 0),
  tasks text[], -- what whoever holds no more than a token for the batch may add; null: anything
  parent_id text,
  trigger_function text not null default 'batchTrigger',
  idempotency_key text,
  created_at timestamptz not null default now(),
  sealed_at timestamptz, -- null until as many items have come as were announced
  primary key (environment_id, id)
);
create index batch_by_creation on batch (created_at);
create unique index batch_by_key on batch (environment_id, idempotency_key) where idempotency_key is not null;

-- Items whose idempotency key named a run that was there before: they make no run in the batch.
create table batch_reused_item (
  environment_id text not null,
  batch_id text not null,
  batch_index integer not null,
  run_id text not null,
  primary key (environment_id, batch_id, batch_index)
);

create table run (
  environment_id text not null references environment,
  id text not null check (id ~ '^[A-Za-z0-9_]{1,64}$'),
  version bigint not null,
  changed_xid xid8 not null,
  changed_bucket bigint not null,
  prev_status text,
  prev_tag_count integer,

  status text not null default 'PENDING' check (status in (
    'DELAYED', 'PENDING_VERSION', 'WAITING_FOR_DEPLOY', 'PENDING', 'DEQUEUED', 'EXECUTING',
    'RETRYING_AFTER_FAILURE', 'WAITING_TO_RESUME', 'PAUSED', 'COMPLETED_SUCCESSFULLY',
    'COMPLETED_WITH_ERRORS', 'INTERRUPTED', 'CANCELED', 'CRASHED', 'SYSTEM_FAILURE', 'EXPIRED',
    'TIMED_OUT', 'DELETED')),
  task_identifier text not null check (task_identifier <> ''),
  tags text[] not null default '{}'
    check (case when array_ndims(tags) > 1 then false else array_position(tags, null) is null end),
  batch_id text check (batch_id ~ '^[A-Za-z0-9_]{1,64}$'),
  batch_index integer,
  parent_id text check (parent_id ~ '^[A-Za-z0-9_]{1,64}$'),
  root_id text check (root_id ~ '^[A-Za-z0-9_]{1,64}$'),
  depth integer not null default 0,

  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  queued_at timestamptz,
  delay_until timestamptz,
  started_at timestamptz,
  expired_at timestamptz,
  completed_at timestamptz,
  -- What can't be written as a time in JSON, the log and the table must not hold.
  constraint run_times_finite check (isfinite(created_at) and isfinite(updated_at) and isfinite(queued_at)
    and isfinite(delay_until) and isfinite(started_at) and isfinite(expired_at) and isfinite(completed_at)),

  queue text,
  concurrency_key text,
  machine text,
  region text,
  ttl text,
  locked_version text,
  priority integer not null default 0,
  max_attempts integer,
  max_duration_seconds integer,
  trigger_function text not null default 'trigger',
  is_test boolean not null default false,
  attempt_count integer not null default 0,
  usage_duration_ms integer not null default 0,
  cost_in_cents double precision not null default 0,
  base_cost_in_cents double precision not null default 0,
  realtime_streams text[] not null default '{}'
    check (case when array_ndims(realtime_streams) > 1 then false
      else array_position(realtime_streams, null) is null end),

  payload_type text,
  output_type text,
  metadata_type text,
  idempotency_key text,
  payload text,
  output text,
  metadata text,
  error text,
  options text,

  primary key (environment_id, id)
) with (fillfactor = 80);

-- What a filter or an index reads must reach the tail with every update, however wide the row is: MAIN
-- keeps a column in the row as long as these stay small together, which run_stamp() checks.
alter table run
  alter column environment_id set storage main,
  alter column id set storage main,
  alter column prev_status set storage main,
  alter column status set storage main,
  alter column task_identifier set storage main,
  alter column tags set storage main,
  alter column batch_id set storage main,
  alter column parent_id set storage main,
  alter column root_id set storage main,
  alter column queue set storage main,
  alter column concurrency_key set storage main,
  alter column machine set storage main,
  alter column region set storage main,
  alter column ttl set storage main,
  alter column locked_version set storage main,
  alter column trigger_function set storage main,
  alter column realtime_streams set storage main,
  alter column payload_type set storage main,
  alter column output_type set storage main,
  alter column metadata_type set storage main;

-- The difference read goes by bucket: 4,096 xids each, so that nearly every update stays HOT.
create index run_by_change on run (environment_id, changed_bucket);
create index run_by_creation on run (environment_id, created_at, id);
create index run_by_batch on run (environment_id, batch_id, batch_index) where batch_id is not null;
create index run_by_parent on run (environment_id, parent_id) where parent_id is not null;
create index run_by_tag on run using gin (tags);
-- How retention finds finished runs: by a column that is written once, so that other updates stay HOT.
create index run_by_completion on run (completed_at) where completed_at is not null;

-- When runs were tombstoned, by whomever; how retention finds what to purge.
create table tombstone (
  environment_id text not null,
  run_id text not null,
  deleted_at timestamptz not null default clock_timestamp(),
  primary key (environment_id, run_id)
);
create index tombstone_by_time on tombstone (deleted_at);

create function run_stamp() returns trigger language plpgsql as $$
declare
  small integer;
begin
  if tg_op = 'UPDATE' then
    if (new.environment_id, new.id, new.task_identifier, new.created_at)
         is distinct from (old.environment_id, old.id, old.task_identifier, old.created_at)
       or (new.batch_id, new.parent_id, new.root_id)
         is distinct from (old.batch_id, old.parent_id, old.root_id) then
      raise exception 'run %: environment, id, task, batch, parent, root and creation time of a run never change', old.id
        using errcode = 'check_violation';
    end if;
    if new.tags[1:cardinality(old.tags)] is distinct from old.tags then
      raise exception 'run %: tags are only ever added, at the end', old.id
        using errcode = 'check_violation';
    end if;
    new.version := old.version + 1;
    new.prev_status := case when new.status <> old.status then old.status end;
    new.prev_tag_count := case when cardinality(new.tags) <> cardinality(old.tags) then cardinality(old.tags) end;
    new.updated_at := clock_timestamp();
  else
    new.version := 1;
    new.prev_status := null;
    new.prev_tag_count := null;
    new.updated_at := new.created_at;
  end if;
  if new.status = 'DELETED' then
    new.completed_at := null; -- leaves run_by_completion
    if old.status is distinct from 'DELETED' then
      insert into tombstone (environment_id, run_id) values (new.environment_id, new.id) on conflict do nothing;
    end if;
  elsif new.completed_at is null and new.status in ('COMPLETED_SUCCESSFULLY', 'COMPLETED_WITH_ERRORS',
      'INTERRUPTED', 'CANCELED', 'CRASHED', 'SYSTEM_FAILURE', 'EXPIRED', 'TIMED_OUT') then
    new.completed_at := clock_timestamp(); -- told in the same change, by whatever writer
  end if;
  new.changed_xid := pg_current_xact_id();
  new.changed_bucket := new.changed_xid::text::bigint >> 12;
  small := pg_column_size(new.tags) + pg_column_size(new.realtime_streams)
    + octet_length(concat(new.id, new.environment_id, new.task_identifier, new.batch_id, new.parent_id,
        new.root_id, new.queue, new.concurrency_key, new.machine, new.region, new.ttl, new.locked_version,
        new.payload_type, new.output_type, new.metadata_type));
  if small > 7000 then
    raise exception 'run %: task, tags, queue and the other short columns take % bytes together; at most 7000', new.id, small
      using errcode = 'check_violation', hint = 'Use fewer or shorter tags.';
  end if;
  return new;
end $$;

create trigger run_stamp before insert or update on run for each row execute function run_stamp();
alter table run enable always trigger run_stamp;

-- A row may vanish only after its subscribers were told (the tombstone), and every read that starts
-- from an older cursor must learn that something is gone (the watermark).
create table purge_watermark (
  environment_id text primary key,
  xid xid8 not null
);

create function run_refuse_delete() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' or old.status <> 'DELETED' then
    raise exception 'a run is removed by update run set status = ''DELETED'', which tells its subscribers; it is purged later'
      using errcode = 'check_violation';
  end if;
  return old;
end $$;
create trigger run_refuse_delete before delete on run for each row execute function run_refuse_delete();
alter table run enable always trigger run_refuse_delete;
create trigger run_refuse_truncate before truncate on run for each statement execute function run_refuse_delete();
alter table run enable always trigger run_refuse_truncate;

create function run_raise_watermark() returns trigger language plpgsql as $$
begin
  insert into purge_watermark as w (environment_id, xid)
    select distinct on (environment_id) environment_id, changed_xid from gone order by environment_id, changed_xid desc
  on conflict (environment_id) do update set xid = greatest(w.xid, excluded.xid);
  return null;
end $$;
create trigger run_raise_watermark after delete on run referencing old table as gone
  for each statement execute function run_raise_watermark();
alter table run enable always trigger run_raise_watermark;

-- Streams and revocations: rows that travel the same road as runs. -----------------------------------

create table stream (
  environment_id text not null,
  run_id text not null,
  key text not null,
  next_seq bigint not null default 0,
  writers integer not null default 0,
  closed_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (environment_id, run_id, key)
);

create table stream_segment (
  environment_id text not null,
  run_id text not null,
  key text not null,
  first_seq bigint not null,
  count integer not null,
  chunks text not null,
  client_id text,
  first_index bigint,
  changed_xid xid8 not null default pg_current_xact_id(),
  appended_at timestamptz not null default now(),
  primary key (environment_id, run_id, key, first_seq, appended_at)
) partition by range (appended_at);
create table stream_segment_rest partition of stream_segment default;

create table revocation (
  environment_id text not null references environment,
  id text not null,
  jti text,
  scope text,
  issued_before timestamptz not null default now(),
  changed_xid xid8 not null default pg_current_xact_id(),
  expires_at timestamptz not null,
  primary key (environment_id, id)
);

-- Beside the runs -----------------------------------------------------------------------------------

-- Everything that must happen at a time: claimed with "for update skip locked".
create table due (
  kind text not null,
  environment_id text not null,
  ref text not null,
  at timestamptz not null,
  primary key (kind, environment_id, ref)
);
create index due_by_time on due (at);

create table idempotency_key (
  environment_id text not null,
  task_identifier text not null,
  key text not null,
  run_id text not null,
  expires_at timestamptz not null,
  primary key (environment_id, task_identifier, key)
);
create index idempotency_key_by_expiry on idempotency_key (expires_at);
create index idempotency_key_by_run on idempotency_key (environment_id, run_id);

-- First answers to requests that carry a request idempotency key, written in the action's own transaction.
create table request_result (
  environment_id text not null,
  principal bytea not null,
  route text not null,
  key text not null,
  body_digest bytea not null,
  status integer not null,
  body text not null,
  position bigint, -- the xid of the action's transaction; null when it wrote nothing
  created_at timestamptz not null default now(),
  primary key (environment_id, principal, route, key)
);
create index request_result_by_creation on request_result (created_at);

create table used_token (
  environment_id text not null,
  digest bytea not null,
  expires_at timestamptz not null,
  primary key (environment_id, digest)
);
create index used_token_by_expiry on used_token (expires_at);

-- The tail --------------------------------------------------------------------------------------------

-- One row for each history of the replication slot: a cursor of another one says nothing here. Numbers
-- rise with the clock and so beyond those that a restored backup has forgotten: nodes that run on through
-- a restore must take the new history for newer.
create table incarnation (
  number bigint primary key,
  nonce integer not null default (random() * 2147483647)::integer,
  system_identifier text not null,
  timeline integer not null,
  slot_name text not null,
  created_at timestamptz not null default now()
);

create function next_incarnation() returns bigint language sql as $$
  select greatest(coalesce(max(number), 0) + 1, extract(epoch from clock_timestamp())::bigint) from incarnation
$$;
alter table incarnation alter column number set default next_incarnation();

-- Numbers the replication sessions, so that a hub can tell a new one from an old one.
create sequence replication_session;

create publication runcast for table run, stream_segment, revocation
  with (publish = 'insert, update', publish_via_partition_root = true);
