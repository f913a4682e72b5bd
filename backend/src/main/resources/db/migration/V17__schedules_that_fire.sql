-- Schedules trigger runs. Still nothing says when the next time is but the expression: it follows from the
-- time up to which a schedule has been served.
alter table schedule
  add column served_until timestamptz not null default clock_timestamp(), -- times after this are to come
  add column last_at timestamptz; -- the time of the last run; null: there has been none

-- What a task's code declares stands there once.
create unique index schedule_by_declaration on schedule (environment_id, task) where type = 'DECLARATIVE';

-- Which runs a schedule made, and for which of its times: never two for the same.
create table scheduled_run (
  environment_id text not null,
  schedule_id text not null,
  at timestamptz not null,
  run_id text not null,
  primary key (environment_id, schedule_id, at)
);
create unique index scheduled_run_by_run on scheduled_run (environment_id, run_id);

-- What was skipped before a change is not made up for.
create function schedule_serve_from_now() returns trigger language plpgsql as $$
begin
  new.served_until := clock_timestamp();
  return new;
end $$;

create trigger schedule_serve_from_now before update on schedule for each row
  when ((old.cron, old.timezone, old.delay_window, old.active)
    is distinct from (new.cron, new.timezone, new.delay_window, new.active))
  execute function schedule_serve_from_now();
alter table schedule enable always trigger schedule_serve_from_now;

-- Whoever writes a schedule, its next time is worked out anew: at once, by whichever node looks first. Only
-- after the row is written: an insert that turns into an update proposes a row that never is.
create function schedule_due() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or not new.active then
    delete from due where kind = 'SCHEDULE' and environment_id = old.environment_id and ref = old.id;
  else
    insert into due (kind, environment_id, ref, at)
      values ('SCHEDULE', new.environment_id, new.id, clock_timestamp())
      on conflict (kind, environment_id, ref) do update set at = excluded.at;
  end if;
  return null;
end $$;

create trigger schedule_due after insert or delete on schedule for each row execute function schedule_due();
create trigger schedule_due_again after update on schedule for each row
  when ((old.cron, old.timezone, old.delay_window, old.active)
    is distinct from (new.cron, new.timezone, new.delay_window, new.active))
  execute function schedule_due();
alter table schedule enable always trigger schedule_due;
alter table schedule enable always trigger schedule_due_again;

insert into due (kind, environment_id, ref, at)
  select 'SCHEDULE', environment_id, id, clock_timestamp() from schedule where active
  on conflict do nothing;
