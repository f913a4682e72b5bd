alter table batch
  add column key_expires_at timestamptz, -- from then on its idempotency key is free again; null: never
  add column openers text[] not null default '{}'; -- SHA-256 of the one-time tokens that announced it
