-- The beginning of an id is looked for as a range of the primary key, which is one only where ids are
-- ordered by their bytes, whatever the database's own order is.
alter table run alter column id set data type text collate "C";
