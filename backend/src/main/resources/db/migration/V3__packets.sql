-- Payloads and outputs that are too large to stand in their run, which holds their name instead.
create table packet (
  environment_id text not null references environment,
  name text not null,
  content_type text not null,
  contents bytea not null,
  keep_until timestamptz not null default now() + interval '1 day', -- then: as long as a run names it
  primary key (environment_id, name)
);
create index packet_by_time on packet (keep_until);

-- Which runs name a packet. Both columns are written once, so that other updates stay HOT.
create index run_by_stored_payload on run (environment_id, hashtext(payload))
  where payload_type = 'application/store';
create index run_by_stored_output on run (environment_id, hashtext(output))
  where output_type = 'application/store';
