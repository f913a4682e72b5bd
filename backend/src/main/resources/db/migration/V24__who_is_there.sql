-- Who is there to take runs, by their asking: the tool, for each build that it has, and workers that claim, for each
-- queue. Noted every few seconds, so that people can be told whether a run has anybody to wait for, and builds that
-- nobody has can go.
create table presence (
  environment_id text not null,
  worker_id text not null default '', -- a build
  queue text not null default '', -- or the name of a queue
  heard_at timestamptz not null default clock_timestamp(),
  primary key (environment_id, worker_id, queue),
  check ((worker_id = '') <> (queue = ''))
) with (fillfactor = 50);

insert into presence (environment_id, worker_id, heard_at)
  select environment_id, id, greatest(heard_at, seen_at) from worker;

alter table worker
  drop column heard_at,
  drop column seen_at,
  add column spared_at timestamptz; -- when it was to go and a run still named it: it is not looked at again for long

-- When an attempt under a lease has taken as long as the run's maxDuration lets it; no lease ends later.
alter table execution add column over_at timestamptz;
