-- The beginning of an id is looked for as a range, which is one only where ids are ordered by their bytes, whatever
-- the database's own order is. The column itself keeps that: what refers to it is looked up by indexes of its own.
create index run_by_id on run (environment_id, (id collate "C"));
