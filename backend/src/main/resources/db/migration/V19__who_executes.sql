-- Not every environment has its runs executed by the engine. Where nobody asks for runs, rows of `execution`
-- would cost a trigger, and for nothing.

-- The environments of which somebody does: who registers a build, or claims runs, enrols its environment, for
-- good.
create table enrolment (
  environment_id text primary key references environment,
  -- Runs that were there before get their rows afterwards: this far it has come, in the order of creation.
  after_created timestamptz not null default '-infinity',
  after_run text not null default '',
  walked boolean not null default false,
  skipped boolean not null default false, -- somebody held one of them locked: there is another walk
  -- A transaction that was under way meanwhile may have looked before the enrolment was there to be seen.
  since xid8 not null default pg_snapshot_xmin(pg_current_snapshot()), -- none such is older than this
  seen_from xid8, -- nor as young as this
  settled_at timestamptz
);

-- Each statement of a function looks anew, so that a transaction misses an enrolment only if it is under way
-- when that commits. Under another isolation than the usual one it would not look anew: it makes the row.
create function is_enrolled(environment text) returns boolean language sql stable as $$
  select current_setting('transaction_isolation') <> 'read committed'
    or exists (select from enrolment where enrolment.environment_id = environment)
$$;

create or replace function execution_enqueue() returns trigger language plpgsql as $$
begin
  insert into execution (environment_id, run_id, task, queue, concurrency_key, rank, status, description, attempt)
    select environment_id, id, task_identifier, queue, coalesce(concurrency_key, ''),
      created_at - make_interval(secs => priority),
      case status when 'PENDING' then 'QUEUED' else 'PENDING_VERSION' end, 'Run was queued', attempt_count
    from made where status in ('PENDING', 'PENDING_VERSION') and is_enrolled(environment_id)
  on conflict do nothing;
  return null;
end $$;

create or replace function execution_follow() returns trigger language plpgsql as $$
begin
  if new.status in ('PENDING', 'PENDING_VERSION') then
    insert into execution as e (environment_id, run_id, task, queue, concurrency_key, rank, status, description, attempt)
      select new.environment_id, new.id, new.task_identifier, new.queue, coalesce(new.concurrency_key, ''),
        new.created_at - make_interval(secs => new.priority),
        case new.status when 'PENDING' then 'QUEUED' else 'PENDING_VERSION' end, 'Run was queued', new.attempt_count
      where is_enrolled(new.environment_id)
    on conflict (environment_id, run_id) do update set status = excluded.status, description = excluded.description,
      queue = excluded.queue, snapshot = excluded.snapshot, changed_at = excluded.changed_at,
      lease = null, lease_until = null, claimed_by = null
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

insert into enrolment (environment_id, walked, seen_from, settled_at)
  select environment_id, true, pg_snapshot_xmax(pg_current_snapshot()), now() from worker group by environment_id;
delete from execution e where status in ('QUEUED', 'PENDING_VERSION')
  and not exists (select from enrolment where enrolment.environment_id = e.environment_id);

-- A worker in any language claims a run: it is being executed, under a lease. Who speaks of the run names the
-- lease; it is gone when the lease has lapsed, and whoever is next has another.
alter table execution
  add column lease text,
  add column lease_until timestamptz,
  add column claimed_by text, -- as the worker calls itself
  add constraint execution_lease_ends check ((lease is null) = (lease_until is null));

-- How many runs the command line tool has.
create index execution_in_hand on execution (environment_id)
  where status in ('PENDING_EXECUTING', 'EXECUTING', 'PENDING_CANCEL') and lease is null;

-- Lanes of a task take turns: whose turn it was last. Of who asks for a task's runs wherever they wait, or for
-- those of one queue.
create table lane_turn (
  environment_id text not null,
  task text not null,
  asked text not null, -- the queue, or '' for any
  queue text not null,
  concurrency_key text not null,
  primary key (environment_id, task, asked)
) with (fillfactor = 50);
