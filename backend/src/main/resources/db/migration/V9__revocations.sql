-- What was granted and is taken back before its time: one token, all that carry a scope or all of the
-- environment that were issued before an instant, and secret keys that were rotated away. Each is one row,
-- so that saying it again changes it, and every write of it reaches open connections through the log.
drop table revocation;
create table revocation (
  environment_id text not null references environment,
  kind text not null check (kind in ('TOKEN', 'SCOPE', 'ENVIRONMENT', 'KEY')),
  subject text not null check (octet_length(subject) <= 1024), -- jti, scope, nothing, or SHA-256 of the key in hex
  -- SCOPE, ENVIRONMENT: of tokens issued before this. KEY: it is accepted until then; null: it is in force again.
  at timestamptz check (isfinite(at)),
  expires_at timestamptz check (isfinite(expires_at)), -- from when on it need not be kept; null: for good
  written_at timestamptz not null,
  changed_xid xid8 not null,
  primary key (environment_id, kind, subject),
  check (kind = 'KEY' or (kind = 'TOKEN') = (at is null))
);
create index revocation_by_change on revocation (changed_xid);
create index revocation_by_expiry on revocation (expires_at) where expires_at is not null;
alter publication runcast add table revocation;

create function revocation_stamp() returns trigger language plpgsql as $$
begin
  new.changed_xid := pg_current_xact_id();
  new.written_at := clock_timestamp();
  return new;
end $$;
create trigger revocation_stamp before insert or update on revocation
  for each row execute function revocation_stamp();
alter table revocation enable always trigger revocation_stamp;

-- The end of a key, by whomever it is set. A day later no connection is left that began before it.
create function secret_key_told() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into revocation as r (environment_id, kind, subject, at, expires_at)
      values (old.environment_id, 'KEY', encode(old.digest, 'hex'), now(), now() + interval '1 day')
    on conflict (environment_id, kind, subject) do update
      set at = least(r.at, excluded.at), expires_at = excluded.expires_at;
  elsif new.valid_until is not null then
    insert into revocation (environment_id, kind, subject, at, expires_at)
      values (new.environment_id, 'KEY', encode(new.digest, 'hex'), new.valid_until,
        greatest(new.valid_until, now()) + interval '1 day')
    on conflict (environment_id, kind, subject) do update
      set at = excluded.at, expires_at = excluded.expires_at;
  else
    update revocation set at = null, expires_at = now() + interval '1 day'
      where environment_id = new.environment_id and kind = 'KEY' and subject = encode(new.digest, 'hex');
  end if;
  return null;
end $$;
create trigger secret_key_told after insert or update of valid_until or delete on secret_key
  for each row execute function secret_key_told();
alter table secret_key enable always trigger secret_key_told;
insert into revocation (environment_id, kind, subject, at, expires_at)
  select environment_id, 'KEY', encode(digest, 'hex'), valid_until, valid_until + interval '1 day'
  from secret_key where valid_until > now();
