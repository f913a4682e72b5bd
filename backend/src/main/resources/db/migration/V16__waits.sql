-- What runs that are executed wait for. A run goes on when all that it waits for has ended; whether it has
-- is read from what it is, so that nothing has to be told twice.
create table wait (
  environment_id text not null,
  run_id text not null, -- who waits
  id text not null,
  kind text not null check (kind in ('RUN', 'DATETIME', 'MANUAL', 'BATCH')),
  target text, -- the run, waitpoint or batch; null for a time
  batch_id text, -- of a run that is waited for as one of a batch
  batch_index integer,
  until timestamptz, -- of a time
  delivered bigint, -- the snapshot that tells its end; null while it is waited for
  primary key (environment_id, run_id, id)
);
create index wait_by_target on wait (environment_id, target) where delivered is null;

create function resume_waiting(environment text, what text) returns void language sql as $$
  insert into due (kind, environment_id, ref, at)
    select distinct 'RESUME', environment_id, run_id, now() from wait
    where wait.environment_id = resume_waiting.environment and target = what and delivered is null
  on conflict (kind, environment_id, ref) do update set at = least(due.at, excluded.at);
$$;

-- Whoever ends it: a worker, a timer, plain SQL. What it waited for itself is of no use to it any more.
create function wait_for_run_ends() returns trigger language plpgsql as $$
begin
  perform resume_waiting(new.environment_id, new.id);
  delete from wait where environment_id = new.environment_id and run_id = new.id;
  return null;
end $$;
create trigger wait_for_run_ends after update on run for each row
  when (new.status is distinct from old.status and (new.status = 'DELETED'
    or (new.completed_at is not null and old.completed_at is null)))
  execute function wait_for_run_ends();
alter table run enable always trigger wait_for_run_ends;

create function wait_for_other_ends() returns trigger language plpgsql as $$
begin
  perform resume_waiting(new.environment_id, new.id);
  return null;
end $$;
create trigger wait_for_waitpoint_ends after update on waitpoint for each row
  when (new.status is distinct from old.status) execute function wait_for_other_ends();
create trigger wait_for_batch_ends after update on batch for each row
  when (new.sealed_at is not null and old.sealed_at is null) execute function wait_for_other_ends();

-- From which snapshot its attempt was begun: a worker may not have heard yet that it waits, or goes on.
alter table execution add column begun_from bigint;
