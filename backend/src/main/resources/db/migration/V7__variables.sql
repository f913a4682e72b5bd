-- Environment variables of tasks. Values are sealed (AES-256-GCM under the master key named by
-- master_key_id), each bound to its environment and name: moved to another row, it does not open.
create table environment_variable (
  environment_id text not null references environment,
  name text not null check (name ~ '^[A-Za-z_][A-Za-z0-9_]{0,255}$'),
  sealed bytea not null,
  master_key_id text not null,
  is_secret boolean not null default false, -- its value is never told again
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (environment_id, name)
);
