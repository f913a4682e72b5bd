-- Builds are let go of: when no run names them any more, nobody has said for long that he has them, and they are
-- nobody's newest.
alter table worker add column seen_at timestamptz not null default clock_timestamp(); -- when somebody had it

create index worker_by_sight on worker (seen_at);

-- The runs that a build was given. It changes with the status, by which other indexes go anyway.
create index execution_by_worker on execution (environment_id, worker_id) where worker_id is not null;
