-- Streams of a run: what it says while it runs, chunk by chunk, and what is sent in to it. Chunks are
-- stored first and reach readers through the log, in the order of their numbers: whoever appends locks
-- the stream's row, so that numbers are given in the order of commits and without gaps.

alter table stream
  drop column closed_at,
  add column revision bigint not null default 0, -- counts the writes of the stream
  add column touched_at timestamptz not null default now(); -- when it was last written

-- Who writes a stream, and how far each has come, so that one who comes back neither loses nor
-- doubles anything.
create table stream_writer (
  environment_id text not null,
  run_id text not null,
  key text not null,
  client_id text not null,
  last_index bigint not null default -1, -- of the last chunk that was stored, by the writer's own count
  session text, -- of the connection that it writes over; null: it has said that it is done
  primary key (environment_id, run_id, key, client_id)
);

-- One table rather than one for each day: what is read goes by one index instead of seven, and what
-- has grown old is removed by the sweep that removes everything else.
drop table stream_segment;
create table stream_segment (
  environment_id text not null,
  run_id text not null,
  key text not null,
  first_seq bigint not null,
  revision bigint not null,
  count integer not null check (count >= 0),
  chunks text not null, -- JSON texts, one a line
  writers integer not null, -- how many were still writing after this
  changed_xid xid8 not null default pg_current_xact_id(),
  appended_at timestamptz not null default now() check (isfinite(appended_at)),
  primary key (environment_id, run_id, key, first_seq, revision)
);
create index stream_segment_by_time on stream_segment (appended_at);
alter publication runcast add table stream_segment;
