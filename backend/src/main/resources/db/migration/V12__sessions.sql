-- Who is signed in to the dashboard. A session is of the key that it was opened with: the key's
-- rotation ends it. The token itself is only in the browser's cookie.
create table dashboard_session (
  digest bytea primary key,
  environment_id text not null references environment,
  key_digest bytea not null references secret_key on delete cascade,
  opened_at timestamptz not null default now(),
  used_at timestamptz not null default now()
);
create index dashboard_session_by_use on dashboard_session (used_at);
