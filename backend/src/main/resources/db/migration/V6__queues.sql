-- What is known of a queue beside its runs. A row is made when somebody first looks at the queue, never by
-- a trigger: which queues there are, and how full they are, is read from the runs.
create table queue (
  environment_id text not null references environment,
  name text not null,
  id text not null check (id ~ '^queue_[A-Za-z0-9]{1,57}$'),
  paused boolean not null default false,
  concurrency_limit integer check (concurrency_limit >= 0), -- as the code declares it; null: none
  concurrency_override integer check (concurrency_override >= 0), -- what holds instead; null: nothing
  overridden_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (environment_id, name)
);
create unique index queue_by_id on queue (environment_id, id);

-- Every run stands in a queue, also one that plain SQL has made; a deleted one in none any more, so that
-- nobody counts it.
create function run_choose_queue() returns trigger language plpgsql as $$
begin
  new.queue := case when new.status <> 'DELETED' then 'task/' || new.task_identifier end;
  return new;
end $$;
create trigger run_enters_queue before insert on run for each row
  when (new.queue is null) execute function run_choose_queue();
create trigger run_leaves_queue before update on run for each row
  when (new.status = 'DELETED' and new.queue is not null) execute function run_choose_queue();
alter table run enable always trigger run_enters_queue;
alter table run enable always trigger run_leaves_queue;

update run set queue = 'task/' || task_identifier where queue is null and status <> 'DELETED';

-- For both questions: the names, by skipping from one to the next, and the runs of one that are not over.
-- Neither column changes before the run ends, and that update sets completed_at, which another index
-- holds: no update that was HOT has ceased to be. The status, which most updates change, is not in it;
-- to tell running from queued, the count looks at the rows of those that are not over.
create index run_by_queue on run (environment_id, queue, completed_at);
