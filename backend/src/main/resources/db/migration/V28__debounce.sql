-- Which run a debounce key of a task stands for: whoever triggers with the key locks this row first, and so one
-- run is made however many do at a time. That run may have begun, or ended: then the next takes the key for its
-- own. So nothing has to be done here when a delay ends, and who ends it never waits for who triggers.
create table debounce (
  environment_id text not null,
  task_identifier text not null,
  key text not null,
  run_id text not null,
  primary key (environment_id, task_identifier, key)
);
create index debounce_by_run on debounce (environment_id, run_id);
