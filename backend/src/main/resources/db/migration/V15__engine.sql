-- What executes tasks: the workers that know them, and where each run stands with them.

-- A build of an installation's tasks, as the command line tool registers it.
create table worker (
  environment_id text not null references environment,
  id text not null check (id ~ '^worker_[A-Za-z0-9]{1,57}$'),
  number bigint not null, -- in the order of registration; the highest is the current one
  version text not null,
  content_hash text not null,
  sdk_version text,
  cli_version text,
  runtime text,
  registered_at timestamptz not null default clock_timestamp(),
  primary key (environment_id, id)
);
create unique index worker_by_number on worker (environment_id, number);
create unique index worker_by_version on worker (environment_id, version);

-- A task as one build has it.
create table worker_task (
  environment_id text not null,
  worker_id text not null,
  task text not null,
  file_path text not null,
  export_name text,
  description text,
  queue text not null,
  machine text,
  max_attempts integer,
  max_duration_seconds integer,
  ttl text,
  trigger_source text,
  retry text, -- JSON, as it was registered
  payload_schema text, -- JSON Schema
  primary key (environment_id, worker_id, task),
  foreign key (environment_id, worker_id) references worker on delete cascade
);

-- Every task that any build had: what the engine hands out runs of. Runs of others are left to whoever
-- moves them.
create table task (
  environment_id text not null references environment,
  id text not null,
  queue text not null, -- where a run goes whose trigger names none
  worker_id text not null, -- the newest build that has it
  primary key (environment_id, id)
);

-- A run without a queue of its own goes where its task declares, else to the task's.
create or replace function run_choose_queue() returns trigger language plpgsql as $$
begin
  new.queue := case when new.status <> 'DELETED' then coalesce(
    (select queue from task where environment_id = new.environment_id and id = new.task_identifier),
    'task/' || new.task_identifier) end;
  return new;
end $$;

create sequence execution_snapshot;

-- Where a run stands with the engine. It has a row from when it enters the queue, whoever put it there,
-- until it is deleted or somebody else than the engine takes it. Each change makes a new snapshot, which
-- is what a worker names to say which state it speaks of. Beside `run`, so that what only the engine
-- needs neither goes through the log nor makes rows of runs wider.
create table execution (
  environment_id text not null,
  run_id text not null,
  task text not null,
  queue text not null,
  concurrency_key text not null default '', -- empty: none
  rank timestamptz not null, -- its place in the queue: when it was made, less its priority
  status text not null check (status in ('PENDING_VERSION', 'DELAYED', 'QUEUED', 'PENDING_EXECUTING',
    'EXECUTING', 'EXECUTING_WITH_WAITPOINTS', 'PENDING_CANCEL', 'FINISHED')),
  snapshot bigint not null default nextval('execution_snapshot'),
  changed_at timestamptz not null default clock_timestamp(), -- when this snapshot was made
  description text not null,
  worker_id text, -- who has it, or had it last
  attempt integer not null default 0,
  heartbeat_at timestamptz, -- when its holder was heard of last
  returns integer not null default 0, -- how often it was taken and never begun
  from_snapshot bigint, -- what the newest change by the holder was made from
  request_key text, -- and under which request, which may come again
  primary key (environment_id, run_id)
) with (fillfactor = 70);

-- The queues, by the tasks that there are workers for: one lane for each task, queue and key.
create index execution_by_lane on execution (environment_id, task, queue, concurrency_key, rank, run_id)
  where status = 'QUEUED';
-- Who takes up a place of a queue, and who is held at all.
create index execution_by_holder on execution (environment_id, queue, concurrency_key)
  where status in ('PENDING_EXECUTING', 'EXECUTING', 'PENDING_CANCEL');
create index execution_by_version on execution (environment_id, task) where status = 'PENDING_VERSION';

create function execution_enqueue() returns trigger language plpgsql as $$
begin
  insert into execution (environment_id, run_id, task, queue, concurrency_key, rank, status, description, attempt)
    select environment_id, id, task_identifier, queue, coalesce(concurrency_key, ''),
      created_at - make_interval(secs => priority),
      case status when 'PENDING' then 'QUEUED' else 'PENDING_VERSION' end, 'Run was queued', attempt_count
    from made where status in ('PENDING', 'PENDING_VERSION')
  on conflict do nothing;
  return null;
end $$;
create trigger execution_enqueue after insert on run referencing new table as made
  for each statement execute function execution_enqueue();
alter table run enable always trigger execution_enqueue;

-- The engine changes its own row before that of the run. Where this finds the two at odds, somebody else
-- has moved the run: a worker of another kind, a timer, plain SQL.
create function execution_follow() returns trigger language plpgsql as $$
begin
  if new.status in ('PENDING', 'PENDING_VERSION') then
    insert into execution as e (environment_id, run_id, task, queue, concurrency_key, rank, status, description, attempt)
      values (new.environment_id, new.id, new.task_identifier, new.queue, coalesce(new.concurrency_key, ''),
        new.created_at - make_interval(secs => new.priority),
        case new.status when 'PENDING' then 'QUEUED' else 'PENDING_VERSION' end, 'Run was queued', new.attempt_count)
    on conflict (environment_id, run_id) do update set status = excluded.status, description = excluded.description,
      queue = excluded.queue, snapshot = excluded.snapshot, changed_at = excluded.changed_at
      where e.status <> excluded.status;
  elsif new.status = 'DELETED' then
    delete from execution where environment_id = new.environment_id and run_id = new.id;
  elsif new.status in ('COMPLETED_SUCCESSFULLY', 'COMPLETED_WITH_ERRORS', 'INTERRUPTED', 'CANCELED', 'CRASHED',
      'SYSTEM_FAILURE', 'EXPIRED', 'TIMED_OUT') then
    -- Its holder is told, and has a while to let go of it.
    update execution set status = 'PENDING_CANCEL', description = 'Run was ended while it was held',
        snapshot = nextval('execution_snapshot'), changed_at = clock_timestamp()
      where environment_id = new.environment_id and run_id = new.id
        and status in ('PENDING_EXECUTING', 'EXECUTING', 'EXECUTING_WITH_WAITPOINTS');
    if found then
      insert into due (kind, environment_id, ref, at) values ('EXECUTION', new.environment_id, new.id, now())
        on conflict (kind, environment_id, ref) do update set at = excluded.at;
    else
      delete from execution where environment_id = new.environment_id and run_id = new.id
        and status in ('PENDING_VERSION', 'DELAYED', 'QUEUED');
    end if;
  else
    delete from execution where environment_id = new.environment_id and run_id = new.id
      and status in ('PENDING_VERSION', 'QUEUED');
  end if;
  return null;
end $$;
create trigger execution_follow after update on run for each row
  when (new.status is distinct from old.status) execute function execution_follow();
alter table run enable always trigger execution_follow;

insert into execution (environment_id, run_id, task, queue, concurrency_key, rank, status, description, attempt)
  select environment_id, id, task_identifier, queue, coalesce(concurrency_key, ''),
    created_at - make_interval(secs => priority),
    case status when 'PENDING' then 'QUEUED' else 'PENDING_VERSION' end, 'Run was queued', attempt_count
  from run where status in ('PENDING', 'PENDING_VERSION');
