-- What people are shown of tasks and attempts, beside what is there already.

-- The runs of a task, the newest first; and which tasks there are, by skipping from one to the next.
-- None of its columns ever changes, so updates stay HOT.
create index run_by_task on run (environment_id, task_identifier, created_at desc);

-- When somebody last asked for runs in its name, to the nearest few seconds.
alter table worker add column heard_at timestamptz;

-- The attempts of runs that the engine hands out. How the last one of a run ended that has ended otherwise,
-- by a cancellation or plain SQL, is read from the run.
create table attempt (
  environment_id text not null,
  run_id text not null,
  number integer not null,
  worker_id text,
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  error text, -- JSON; null for none
  retry_at timestamptz, -- when the next is to begin; null for none
  primary key (environment_id, run_id, number)
);

create function attempt_begins() returns trigger language plpgsql as $$
begin
  insert into attempt (environment_id, run_id, number, worker_id)
    values (new.environment_id, new.run_id, new.attempt, new.worker_id)
  on conflict (environment_id, run_id, number) do update -- a run that was given back is begun again
    set worker_id = excluded.worker_id, started_at = excluded.started_at, ended_at = null, error = null,
      retry_at = null;
  return null;
end $$;
create trigger attempt_begins after update on execution for each row
  when (new.attempt > old.attempt) execute function attempt_begins();
alter table execution enable always trigger attempt_begins;

create function attempts_go() returns trigger language plpgsql as $$
begin
  delete from attempt where environment_id = new.environment_id and run_id = new.id;
  return null;
end $$;
create trigger attempts_go after update on run for each row
  when (new.status = 'DELETED' and old.status <> 'DELETED') execute function attempts_go();
alter table run enable always trigger attempts_go;
