-- Waitpoints that are completed by what is sent in to a run: the first chunk of a stream behind a number.
-- The row goes when that has come. Whoever adds one, or a chunk, holds the stream's row meanwhile.
create table input_wait (
  environment_id text not null,
  waitpoint_id text not null,
  run_id text not null,
  key text not null, -- of the stream
  after bigint not null, -- the number of the last chunk that its task has had; -1 before the first
  primary key (environment_id, waitpoint_id)
);
create index input_wait_by_stream on input_wait (environment_id, run_id, key);

-- Times that a key stands for, so that a task that is tried again waits for the rest, not once more.
create table dated_wait (
  environment_id text not null,
  key text not null,
  id text not null, -- by which whoever waits is told of its end
  until timestamptz not null,
  expires_at timestamptz, -- from then on the key is free again; null: when it is swept
  primary key (environment_id, key)
);
create index dated_wait_by_time on dated_wait (until);

-- How long a run may wait whose trigger does not say: as its task declares.
alter table task add column ttl text;
update task set ttl = t.ttl from worker_task t
  where t.environment_id = task.environment_id and t.worker_id = task.worker_id and t.task = task.id;

create or replace function run_choose_queue() returns trigger language plpgsql as $$
declare
  declared record;
begin
  if new.status = 'DELETED' then
    new.queue := null;
    return new;
  end if;
  select queue, ttl into declared from task
    where environment_id = new.environment_id and id = new.task_identifier;
  new.queue := coalesce(new.queue, declared.queue, 'task/' || new.task_identifier);
  new.ttl := coalesce(new.ttl, declared.ttl);
  return new;
end $$;
drop trigger run_enters_queue on run;
create trigger run_enters_queue before insert on run for each row
  when (new.queue is null or new.ttl is null) execute function run_choose_queue();
alter table run enable always trigger run_enters_queue;

-- A length of time as clients write it; null for what is none, or more than a century.
create function length_of_time(written text) returns interval language sql immutable as $$
  select case when sum(seconds) <= 36525 * 86400::numeric
      then make_interval(secs => sum(seconds)::double precision) end
    from (select part[1]::numeric * case part[2] when 'w' then 604800 when 'd' then 86400 when 'h' then 3600
        when 'hr' then 3600 when 'm' then 60 else 1 end as seconds
      from regexp_matches(written, '([0-9]+)(w|d|hr|h|m|s)', 'g') as part) parts
    where written ~ '^([0-9]{1,10}(w|d|hr|h|m|s)){1,32}$'
$$;

-- Whoever makes a run that is to expire, it does.
create function run_expires() returns trigger language plpgsql as $$
begin
  insert into due (kind, environment_id, ref, at)
    select 'TTL', new.environment_id, new.id, coalesce(new.delay_until, clock_timestamp()) + life
      from length_of_time(new.ttl) as life where life is not null
    on conflict (kind, environment_id, ref) do nothing;
  return null;
end $$;
create trigger run_expires after insert on run for each row
  when (new.ttl is not null and new.status in ('PENDING', 'PENDING_VERSION', 'DELAYED'))
  execute function run_expires();
alter table run enable always trigger run_expires;
