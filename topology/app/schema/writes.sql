-- One function for each kind of write. A call is the request's whole transaction, in one round trip. Each function
-- takes the idempotency key and the hash of the body. With a null hash the key is not checked (IDEMPOTENCY=off).

create type write_result as (status int, body jsonb);

create function refusal(status int, code text, message text) returns write_result language sql immutable
  return row(status, jsonb_build_object('error', jsonb_build_object('code', code, 'message', message)))::write_result;

-- Returns null for a new key. For a known key it returns the stored answer, 422 when the body or the endpoint is
-- another one, or 409 while the first request is still running.
create function begin_write(p_key text, p_endpoint text, p_hash text) returns write_result language plpgsql as $$
declare
  known idempotency_keys;
begin
  if p_hash is null then
    return null;
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended(p_key, 0)) then
    begin
      perform pg_advisory_xact_lock(hashtextextended(p_key, 0));
    exception when lock_not_available then
      return refusal(409, 'in_flight', 'A request with this Idempotency-Key is still running.');
    end;
  end if;
  select * into known from idempotency_keys where key = p_key;
  if not found then
    return null;
  end if;
  if known.body_hash <> p_hash or known.endpoint <> p_endpoint then
    return refusal(422, 'key_reused', 'This Idempotency-Key was used with another request.');
  end if;
  -- Because of this update the commit waits until the standby has it and everything before it. A replay must not
  -- confirm a row that only this node has.
  update idempotency_keys set replayed_at = clock_timestamp() where key = p_key;
  return row(known.status, known.body)::write_result;
end $$;

create function end_write(p_key text, p_endpoint text, p_hash text, p_status int, p_body jsonb) returns write_result
language plpgsql as $$
begin
  if p_hash is not null then
    insert into idempotency_keys (key, endpoint, body_hash, status, body) values (p_key, p_endpoint, p_hash, p_status, p_body);
  end if;
  return row(p_status, p_body)::write_result;
end $$;

create function submit_form(p_key text, p_hash text, p_form int, p_couple int, p_answers jsonb) returns write_result
language plpgsql as $$
declare
  answer write_result := begin_write(p_key, 'forms/submit', p_hash);
  new_id bigint;
begin
  if answer.status is not null then return answer; end if;
  insert into form_submissions (form_id, couple_id, answers, note, idempotency_key)
    select id, couple_id, p_answers, p_answers ->> 'note', p_key from forms where id = p_form and couple_id = p_couple
    returning id into new_id;
  if new_id is null then return refusal(404, 'not_found', 'This couple has no such form.'); end if;
  return end_write(p_key, 'forms/submit', p_hash, 201, jsonb_build_object('id', new_id));
end $$;

create function upload_photo(p_key text, p_hash text, p_outbox boolean, p_wedding int, p_caption text, p_type text, p_bytes bytea)
returns write_result language plpgsql as $$
declare
  answer write_result := begin_write(p_key, 'photos/upload', p_hash);
  new_id bigint;
begin
  if answer.status is not null then return answer; end if;
  insert into photos (wedding_id, caption, content_type, bytes, idempotency_key)
    select id, p_caption, p_type, p_bytes, p_key from weddings where id = p_wedding
    returning id into new_id;
  if new_id is null then return refusal(404, 'not_found', 'There is no such wedding.'); end if;
  if p_outbox then insert into outbox (job, idempotency_key) values ('thumbnail', p_key); end if;
  return end_write(p_key, 'photos/upload', p_hash, 202, jsonb_build_object('id', new_id));
end $$;

create function send_message(p_key text, p_hash text, p_outbox boolean, p_wedding int, p_channel text, p_subject text, p_body text)
returns write_result language plpgsql as $$
declare
  answer write_result := begin_write(p_key, 'communication/send', p_hash);
  new_id bigint;
begin
  if answer.status is not null then return answer; end if;
  insert into messages (wedding_id, channel, subject, body, idempotency_key)
    select id, p_channel, p_subject, p_body, p_key from weddings where id = p_wedding
    returning id into new_id;
  if new_id is null then return refusal(404, 'not_found', 'There is no such wedding.'); end if;
  if p_outbox then insert into outbox (job, idempotency_key) values ('delivery', p_key); end if;
  return end_write(p_key, 'communication/send', p_hash, 202, jsonb_build_object('id', new_id));
end $$;

create function update_timeline(p_key text, p_hash text, p_item int, p_title text, p_starts_at timestamptz, p_note text)
returns write_result language plpgsql as $$
declare
  answer write_result := begin_write(p_key, 'timeline/update', p_hash);
  new_version int;
begin
  if answer.status is not null then return answer; end if;
  update timeline_items
    set title = p_title, starts_at = p_starts_at, note = p_note, version = version + 1, updated_at = now()
    where id = p_item
    returning version into new_version;
  if new_version is null then return refusal(404, 'not_found', 'There is no such timeline item.'); end if;
  insert into timeline_changes (item_id, version, idempotency_key, note) values (p_item, new_version, p_key, p_note);
  return end_write(p_key, 'timeline/update', p_hash, 200, jsonb_build_object('id', p_item, 'version', new_version));
end $$;

create function complete_task(p_key text, p_hash text, p_task int, p_completed_by text, p_note text) returns write_result
language plpgsql as $$
declare
  answer write_result := begin_write(p_key, 'tasks/complete', p_hash);
  new_version int;
begin
  if answer.status is not null then return answer; end if;
  update tasks
    set completed_by = p_completed_by, completed_at = coalesce(completed_at, now()), note = p_note, version = version + 1
    where id = p_task
    returning version into new_version;
  if new_version is null then return refusal(404, 'not_found', 'There is no such task.'); end if;
  insert into task_changes (task_id, version, idempotency_key, note) values (p_task, new_version, p_key, p_note);
  return end_write(p_key, 'tasks/complete', p_hash, 200, jsonb_build_object('id', p_task, 'version', new_version));
end $$;

create function process_payment(p_key text, p_hash text, p_wedding int, p_amount_pence int, p_currency text, p_reference text)
returns write_result language plpgsql as $$
declare
  answer write_result := begin_write(p_key, 'payments/process', p_hash);
  new_id bigint;
begin
  if answer.status is not null then return answer; end if;
  insert into payments (wedding_id, amount_pence, currency, reference, idempotency_key)
    select id, p_amount_pence, p_currency, p_reference, p_key from weddings where id = p_wedding
    returning id into new_id;
  if new_id is null then return refusal(404, 'not_found', 'There is no such wedding.'); end if;
  return end_write(p_key, 'payments/process', p_hash, 201, jsonb_build_object('id', new_id));
end $$;

create function generate_invoice(p_key text, p_hash text, p_wedding int, p_due_on date, p_reference text) returns write_result
language plpgsql as $$
declare
  answer write_result := begin_write(p_key, 'invoices/generate', p_hash);
  pence_per_guest constant int := 8500;
  new_id bigint;
  new_number text;
begin
  if answer.status is not null then return answer; end if;
  insert into invoices (wedding_id, amount_pence, due_on, reference, idempotency_key)
    select id, guests * pence_per_guest, p_due_on, p_reference, p_key from weddings where id = p_wedding
    returning id, number into new_id, new_number;
  if new_id is null then return refusal(404, 'not_found', 'There is no such wedding.'); end if;
  return end_write(p_key, 'invoices/generate', p_hash, 201, jsonb_build_object('id', new_id, 'number', new_number));
end $$;

-- Stores a job's effect once and deletes the job from the outbox. Returns true when this call stored the effect.
create function store_effect(p_key text, p_job text, p_digest text) returns boolean language plpgsql as $$
begin
  delete from outbox where idempotency_key = p_key and job = p_job;
  insert into job_effects (idempotency_key, job, digest) values (p_key, p_job, p_digest) on conflict (idempotency_key) do nothing;
  return found;
end $$;
