import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { Query } from '../../../topology/app/node.ts';
import { ROOT } from '../chaos.ts';
import type { AnyDatabase } from './serve.ts';

/** A file of the schema without the commands of psql, and without the role that only a real server has. */
const schema = (name: string): string =>
  readFileSync(join(ROOT, 'topology', 'app', 'schema', `${name}.sql`), 'utf8').replace(/^(?:\\.*|set role .*)$/gm, '');

/** Two vendors with twenty weddings each, so few that every list can be read whole. Many couples have one name. */
const DATA = `
  insert into vendors (id, name, category, region, email)
    select i, 'Vendor ' || i, 'venue', 'London', 'vendor' || i || '@example.com' from generate_series(1, 2) i;
  insert into couples (id, name, email)
    select i, (array['Amelia & Oliver', 'amelia, and Noah', 'Mei & Nia'])[i % 3 + 1], 'couple' || i || '@example.com'
    from generate_series(1, 40) i;
  insert into weddings (id, couple_id, vendor_id, held_on, venue, guests)
    select i, i, (i - 1) % 2 + 1, seed_wedding_date(i), 'Old Mill', 80 from generate_series(1, 40) i;
  insert into timeline_items (id, wedding_id, title, starts_at, note, version, updated_at)
    select t.* from generate_series(1, 160) i, seed_timeline_item(i) t;
  insert into tasks (id, wedding_id, title, due_on, completed_by, completed_at, note, version)
    select t.* from generate_series(1, 120) i, seed_task(i) t;
  update tasks set completed_at = now(), completed_by = 'planner' where id % 5 = 0;
  insert into photos (wedding_id, caption, content_type, bytes, uploaded_at)
    select 1, 'Photo ' || i, 'image/bmp', seed_picture(i), timestamptz '2027-01-02 12:00+00' + i * interval '1 microsecond'
    from generate_series(1, 25) i;
  insert into messages (wedding_id, channel, subject, body, idempotency_key)
    select 1, (array['email', 'sms'])[i % 2 + 1], 'Subject ' || i, 'Body ' || i, 'key-' || i from generate_series(1, 25) i;`;

export interface Embedded extends AsyncDisposable {
  readonly database: AnyDatabase;
  /** The names of the statements that the app sent. */
  readonly asked: string[];
  exec(sql: string): Promise<unknown>;
}

/** A real, embedded Postgres with the app's schema and a little data. */
export async function embeddedWedsync(): Promise<Embedded> {
  const db = await PGlite.create('memory://');
  await db.exec(['schema', 'generators', 'writes', 'reset'].map(schema).join('\n'));
  await db.exec(DATA);
  await db.exec(schema('indexes'));
  const asked: string[] = [];
  const run = async ({ name, text, values }: Query): Promise<never[]> => {
    asked.push(name);
    return (await db.query<never>(text, values)).rows;
  };
  return {
    database: { usable: true, read: run, write: run },
    asked,
    exec: (sql) => db.exec(sql),
    [Symbol.asyncDispose]: () => db.close(),
  };
}
