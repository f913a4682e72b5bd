-- When tasks are to be triggered again and again. Nothing here says when the next time is: that follows from
-- the expression, the zone and the rules of the zone, which change.
create table schedule (
  environment_id text not null references environment,
  id text not null check (id ~ '^sched_[A-Za-z0-9]{1,57}$'),
  type text not null default 'IMPERATIVE' check (type in ('IMPERATIVE', 'DECLARATIVE')),
  task text not null check (task <> ''),
  cron text not null,
  timezone text not null,
  delay_window text, -- how much later than that a run may begin, such as 30m or 20%; null: not at all
  deduplication_key text,
  external_id text,
  active boolean not null default true,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (environment_id, id)
);
create unique index schedule_by_key on schedule (environment_id, deduplication_key);
create index schedule_by_creation on schedule (environment_id, created_at, id);
