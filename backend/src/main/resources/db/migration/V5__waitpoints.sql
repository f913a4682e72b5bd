-- What somebody waits for until it is completed from outside, or its time is over. Only a waiting one
-- changes, and only once: whoever sets completed_at, in whatever way, decides what comes of it.
create table waitpoint (
  environment_id text not null references environment,
  id text not null check (id ~ '^[A-Za-z0-9_]{1,64}$'),
  status text not null default 'WAITING' check (status in ('WAITING', 'COMPLETED', 'TIMED_OUT')),
  callback text not null unique, -- random; whoever knows it may complete it
  tags text[] not null default '{}',
  created_at timestamptz not null default now(),
  timeout_at timestamptz, -- a row of due ends it then; null: it waits until it is completed
  completed_at timestamptz,
  idempotency_key text,
  key_expires_at timestamptz, -- from then on its key is free again; null: never
  held_key text, -- its key, as an index can hold it, as long as the key stands for it
  output text,
  output_type text,
  output_is_error boolean not null default false,
  primary key (environment_id, id),
  check ((status = 'WAITING') = (completed_at is null))
);
create unique index waitpoint_by_key on waitpoint (environment_id, held_key) where held_key is not null;
create index waitpoint_by_creation on waitpoint (environment_id, created_at, id);
create index waitpoint_by_completion on waitpoint (completed_at) where completed_at is not null;
