-- What feeds read of chunks: those that were stored since a transaction, by the environment. Segments are
-- never updated, so the index costs an insert at its right edge.
create index stream_segment_by_change on stream_segment (environment_id, changed_xid);

-- A run that has come into a feed since a transaction is told with all of its chunks. By its status or its
-- tags it comes in, so the last write that changed them is kept.
alter table run
  add column status_xid xid8 not null default pg_current_xact_id(),
  add column tags_xid xid8 not null default pg_current_xact_id();

create function run_moved() returns trigger language plpgsql as $$
begin
  if new.status <> old.status then
    new.status_xid := pg_current_xact_id();
  end if;
  if cardinality(new.tags) <> cardinality(old.tags) then
    new.tags_xid := pg_current_xact_id();
  end if;
  return new;
end $$;

create trigger run_moved before update on run for each row
  when (old.status <> new.status or cardinality(old.tags) <> cardinality(new.tags))
  execute function run_moved();
alter table run enable always trigger run_moved;
