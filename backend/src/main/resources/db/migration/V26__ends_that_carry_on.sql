-- What follows from the end of a run: those that it waits for end with it when it is cancelled, nothing that is
-- due of it is left, its place in the queue is free where nobody is at work at it, and a run that comes back to
-- the queue is as it would be had it stayed there.

-- How often it was tried in vain: what can't be done is tried ever more seldom.
alter table due add column tries smallint not null default 0;

-- A time is set for each of those to be cancelled, and not they themselves: there may be many, which have others
-- in turn. Not those that it only found by a key, nor those that others wait for who have: they are others' too.
create or replace function wait_for_run_ends() returns trigger language plpgsql as $$
begin
  perform resume_waiting(new.environment_id, new.id);
  if new.status = 'CANCELED' then
    insert into due (kind, environment_id, ref, at)
      select 'CANCEL', new.environment_id, id, now() from (
        select r.id from wait w
          join run r on r.environment_id = w.environment_id and r.id = w.target
          where w.environment_id = new.environment_id and w.run_id = new.id and w.kind = 'RUN'
            and w.delivered is null and r.parent_id = new.id and r.completed_at is null
            and not exists (select from wait other where other.environment_id = w.environment_id
              and other.target = r.id and other.run_id <> new.id and other.delivered is null)
        union
        select r.id from wait w -- a batch that is not full yet
          join run r on r.environment_id = w.environment_id and r.batch_id = w.target
          where w.environment_id = new.environment_id and w.run_id = new.id and w.kind = 'BATCH'
            and w.delivered is null and r.parent_id = new.id and r.completed_at is null
        order by id) children
    on conflict (kind, environment_id, ref) do nothing;
  end if;
  delete from wait where environment_id = new.environment_id and run_id = new.id;
  if found then
    delete from due where kind = 'RESUME' and environment_id = new.environment_id and ref = new.id;
  end if;
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
      lease = null, lease_until = null, claimed_by = null, over_at = null
      where e.status <> excluded.status;
    if old.status in ('EXECUTING', 'WAITING_TO_RESUME', 'PAUSED') then
      -- Whoever begins it anew waits for what that attempt waits for, and nothing else.
      delete from wait where environment_id = new.environment_id and run_id = new.id;
    end if;
    if new.ttl is not null and new.started_at is null and old.status in ('DEQUEUED', 'EXECUTING') then
      -- Its time may have passed without effect while somebody had it who has not begun it.
      insert into due (kind, environment_id, ref, at)
        select 'TTL', new.environment_id, new.id, coalesce(new.delay_until, new.created_at) + life
          from length_of_time(new.ttl) as life where life is not null
        on conflict (kind, environment_id, ref) do nothing;
    end if;
  elsif new.status = 'DELETED' then
    delete from execution where environment_id = new.environment_id and run_id = new.id;
  elsif new.status in ('COMPLETED_SUCCESSFULLY', 'COMPLETED_WITH_ERRORS', 'INTERRUPTED', 'CANCELED', 'CRASHED',
      'SYSTEM_FAILURE', 'EXPIRED', 'TIMED_OUT') then
    if old.status = 'RETRYING_AFTER_FAILURE' then
      -- Between two attempts its holder has nothing to let go of.
      update execution set status = 'FINISHED', description = 'Run was ended between two attempts',
          snapshot = nextval('execution_snapshot'), changed_at = clock_timestamp()
        where environment_id = new.environment_id and run_id = new.id
          and status = 'EXECUTING' and lease is null;
      if found then
        delete from due where kind = 'EXECUTION' and environment_id = new.environment_id and ref = new.id;
        return null;
      end if;
    end if;
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
