-- Generates the platform's data: the same rows every time. Run it once, in a new database, before there is a standby:
--   psql -v factor=1 -v ON_ERROR_STOP=1 -f schema.sql -f seed.sql
\set ON_ERROR_STOP on
\if :{?factor} \else \set factor 1 \endif
set role wedsync;
set synchronous_commit = off;
begin;

insert into vendors (id, name, category, region, email)
select i,
  (array['Rosewood', 'Meadow', 'Lantern', 'Harbour', 'Juniper'])[i % 5 + 1] || ' ' ||
  (array['Venues', 'Photography', 'Catering', 'Florists', 'Bands', 'Cars', 'Cakes'])[i % 7 + 1] || ' ' || i,
  (array['venue', 'photographer', 'caterer', 'florist', 'band', 'transport', 'cakes'])[i % 7 + 1],
  (array['London', 'South West', 'Midlands', 'North', 'Scotland', 'Wales', 'Northern Ireland'])[i / 7 % 7 + 1],
  'vendor' || i || '@example.com'
from generate_series(1, 10000 * :factor) i;

insert into couples (id, name, email)
select i,
  (array['Amelia', 'Noah', 'Priya', 'Callum', 'Zofia', 'Kwame', 'Erin', 'Mateo', 'Aisha', 'Tom', 'Mei'])[i % 11 + 1] || ' & ' ||
  (array['Oliver', 'Isla', 'Ravi', 'Fiona', 'Jan', 'Ama', 'Rhys', 'Lucia', 'Omar', 'Grace', 'Wei', 'Nia', 'Sam'])[i % 13 + 1] || ' ' ||
  (array['Hughes', 'Patel', 'Campbell', 'Nowak', 'Mensah', 'Evans', 'Garcia', 'Khan', 'Walker', 'Chen', 'Wood', 'Reid', 'Price',
    'Marsh', 'Quinn', 'Ellis', 'Doyle'])[i % 17 + 1],
  'couple' || i || '@example.com'
from generate_series(1, 50000 * :factor) i;

insert into weddings (id, couple_id, vendor_id, held_on, venue, guests)
select i, i, (i - 1) % (10000 * :factor) + 1, seed_wedding_date(i),
  (array['Old Mill', 'Castle Barn', 'Lake House', 'Abbey', 'Walled Garden'])[i % 5 + 1], 40 + i * 13 % 160
from generate_series(1, 50000 * :factor) i;

insert into timeline_items (id, wedding_id, title, starts_at, note, version, updated_at)
select t.* from generate_series(1, 200000 * :factor) i, seed_timeline_item(i) t;

insert into tasks (id, wedding_id, title, due_on, completed_by, completed_at, note, version)
select t.* from generate_series(1, 150000 * :factor) i, seed_task(i) t;

insert into forms (id, couple_id, title)
select i, i, 'Guests and dietary needs' from generate_series(1, 50000 * :factor) i;

insert into photos (id, wedding_id, caption, content_type, bytes, uploaded_at)
select i, i, 'Engagement shoot ' || i, 'image/bmp', seed_picture(i), timestamptz '2027-01-02 12:00+00'
from generate_series(1, 200) i;

insert into payments (id, wedding_id, amount_pence, currency, reference, paid_at)
select i, i, 50000 + i * 100, 'GBP', 'deposit-' || i, timestamptz '2027-01-03 12:00+00'
from generate_series(1, 2000 * :factor) i;

insert into invoices (id, wedding_id, amount_pence, due_on, reference, issued_at)
select i, w.id, w.guests * 8500, w.held_on - 30, 'balance-' || i, timestamptz '2027-01-04 12:00+00'
from generate_series(1, 2000 * :factor) i join weddings w on w.id = i;

\ir indexes.sql

insert into seed_marks
select t, 0 from unnest(array['form_submissions', 'timeline_changes', 'task_changes', 'messages', 'outbox', 'job_effects']) t
union all select 'photos', max(id) from photos
union all select 'payments', max(id) from payments
union all select 'invoices', max(id) from invoices;

commit;
analyze vendors, couples, weddings, timeline_items, tasks, forms, photos, payments, invoices;
select wedsync_reset() as fingerprint \gset
select format('%s vendors, %s couples, %s weddings, %s timeline items, %s tasks, %s forms, %s photos, %s payments, %s invoices',
  (select count(*) from vendors), (select count(*) from couples), (select count(*) from weddings),
  (select count(*) from timeline_items), (select count(*) from tasks), (select count(*) from forms),
  (select count(*) from photos), (select count(*) from payments), (select count(*) from invoices)) as counts \gset
\echo seeded: :counts
\echo fingerprint: :fingerprint
