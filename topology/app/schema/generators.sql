-- These functions define row number i of the generated data. The seed makes rows with them, and wedsync_reset()
-- restores changed rows with them, so both agree. Nothing here depends on the clock, on chance or on the session's time
-- zone.

create function seed_scatter(i int) returns bigint language sql immutable
  return i::bigint * 7919 + (i - 1) / 10000 * 37;

-- 30 of 100 weddings are on the first Saturday of June 2027. The others are on Saturdays from 8 weeks before it to 16
-- weeks after it. (27 come from the first branch and 3 from the second. The function has no FROM, so that the planner
-- can inline it: ten times faster.)
create function seed_wedding_date(i int) returns date language sql immutable
  return date '2027-06-05' + 7 * (case when seed_scatter(i) % 100 < 27 then 0 else seed_scatter(i) % 25 - 8 end)::int;

create function seed_timeline_item(i int)
returns table (id int, wedding_id int, title text, starts_at timestamptz, note text, version int, updated_at timestamptz)
language sql immutable as $$
  select i, (i - 1) / 4 + 1,
    (array['Ceremony', 'Drinks reception', 'Wedding breakfast', 'First dance'])[(i - 1) % 4 + 1],
    (seed_wedding_date((i - 1) / 4 + 1) + time '13:00' + ((i - 1) % 4) * interval '2 hours') at time zone 'Europe/London',
    '', 1, timestamptz '2027-01-01 00:00+00'
$$;

create function seed_task(i int)
returns table (
  id int, wedding_id int, title text, due_on date, completed_by text, completed_at timestamptz, note text, version int
)
language sql immutable as $$
  select i, (i - 1) / 3 + 1,
    (array['Confirm the venue', 'Agree the menu', 'Finish the seating plan'])[(i - 1) % 3 + 1],
    seed_wedding_date((i - 1) / 3 + 1) - 28 * ((i - 1) % 3 + 1),
    null::text, null::timestamptz, '', 1
$$;

-- A picture of 32 by 32 pixels (BMP, 3126 bytes) that has a pattern of its own.
create function seed_picture(i int) returns bytea language sql immutable as $$
  select decode(
    '424d360c0000000000003600000028000000200000002000000001001800' || '00000000000c0000' || repeat('00', 16) ||
    repeat(md5(i::text) || md5((i + 1)::text) || md5((i + 2)::text), 64), 'hex')
$$;
