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
