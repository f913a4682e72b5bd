-- Runs go to builds that somebody has; people let their command line tools in.

-- The version that a run's trigger bound it to. What stands in locked_version is, else, the build that has
-- executed it last, which may be gone when it is tried again.
create function version_asked_for(options text) returns text language sql immutable as $$
  select substring(options from '"lockToVersion"\s*:\s*"([^"]{1,128})"')
$$;

-- A personal token that somebody who had signed in has approved opens that environment, and ends with the
-- key that they had signed in with. One without is the operator's own and opens all.
alter table personal_token
  add column environment_id text references environment,
  add column key_digest bytea references secret_key on delete cascade,
  add check ((environment_id is null) = (key_digest is null));

-- A command line tool that asks to be let in. It knows a secret, whose SHA-256 this is found by; people see
-- the code, by which nobody gets in.
create table login_request (
  digest bytea primary key,
  code text not null unique,
  address text, -- from where it asks, as far as that is known
  asked_at timestamptz not null default now(),
  expires_at timestamptz not null,
  approved boolean, -- null: nobody has answered yet
  environment_id text references environment,
  key_digest bytea references secret_key on delete cascade
);
create index login_request_by_end on login_request (expires_at);

-- A branch of an environment, for who works at something of their own with the same key: an environment with
-- runs, queues, schedules and builds of its own, which the key of the other one opens for who names it.
alter table environment
  add column parent_id text references environment,
  add column branch text check (branch ~ '^[!-~]{1,100}$'),
  add check ((parent_id is null) = (branch is null)),
  add unique (parent_id, branch);
