-- Restores the generated data after a run. Returns a fingerprint of all that a run can change: it is the same every
-- time. Tables that a run fills from nothing are truncated. The others lose the rows above their seed mark. Changed
-- rows are generated again.
create function wedsync_reset() returns text language plpgsql set lock_timeout = '5s' as $$
declare
  mark seed_marks;
begin
  update timeline_items t
    set title = s.title, starts_at = s.starts_at, note = s.note, version = s.version, updated_at = s.updated_at
    from (select distinct item_id from timeline_changes) c, seed_timeline_item(c.item_id) s
    where t.id = s.id;
  update tasks t
    set completed_by = s.completed_by, completed_at = s.completed_at, note = s.note, version = s.version
    from (select distinct task_id from task_changes) c, seed_task(c.task_id) s
    where t.id = s.id;
  truncate form_submissions, timeline_changes, task_changes, messages, outbox, job_effects, idempotency_keys;
  for mark in select * from seed_marks loop
    if mark.last_id > 0 then
      execute format('delete from %I where id > $1', mark.table_name) using mark.last_id;
    end if;
    perform setval(pg_get_serial_sequence(mark.table_name, 'id'), mark.last_id + 1, false);
  end loop;
  return wedsync_fingerprint();
end $$;

-- md5 over the counts and row hashes of the tables that a run changes, and over their sequences.
create function wedsync_fingerprint() returns text language sql stable as $$
  select md5(concat_ws(' ',
    (select format('%s:%s', count(*), sum(hash_record_extended(t, 0))) from timeline_items t),
    (select format('%s:%s', count(*), sum(hash_record_extended(t, 0))) from tasks t),
    (select format('%s:%s', count(*), sum(hash_record_extended(t, 0))) from (
      select id, wedding_id, caption, content_type, idempotency_key, uploaded_at, length(bytes) from photos) t),
    (select format('%s:%s', count(*), sum(hash_record_extended(t, 0))) from payments t),
    (select format('%s:%s', count(*), sum(hash_record_extended(t, 0))) from invoices t),
    (select count(*) from form_submissions), (select count(*) from timeline_changes), (select count(*) from task_changes),
    (select count(*) from messages), (select count(*) from outbox), (select count(*) from job_effects),
    (select count(*) from idempotency_keys),
    (select string_agg(format('%s=%s', sequencename, coalesce(last_value, 0)), ' ' order by sequencename)
      from pg_sequences where schemaname = 'public')
  ))
$$;
