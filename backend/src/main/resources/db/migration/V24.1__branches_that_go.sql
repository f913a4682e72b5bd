-- A branch is archived when nobody works at it any more. Its name is free again then, and nothing of it runs.
alter table environment
  add column archived_at timestamptz,
  add check (archived_at is null or parent_id is not null),
  drop constraint environment_parent_id_branch_key;
create unique index environment_by_branch on environment (parent_id, branch) where archived_at is null;
create index environment_by_archival on environment (archived_at) where archived_at is not null;
