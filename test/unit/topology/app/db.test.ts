import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Circuit } from '../../../../topology/app/circuit.ts';
import { loadConfig } from '../../../../topology/app/config.ts';
import { Database } from '../../../../topology/app/db.ts';
import type { DatabaseOptions } from '../../../../topology/app/db.ts';
import { opensCircuit, classify, SlowError } from '../../../../topology/app/retry.ts';
import { Deadline, TIMED_OUT, within } from '../../../../topology/app/time.ts';
import { ManualTime } from './manual-time.ts';

const STATEMENT = { name: 'test', text: 'select 1', values: [] };
const refused = (): Error => Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });

/** A database node that answers in 5 ms, refuses, or is silent. It counts statements under way. */
class NodeDouble {
  behaviour: 'well' | 'refuses' | 'silent' = 'well';
  statements = 0;
  underway = 0;
  most = 0;
  readonly circuit: Circuit;
  readonly #time: ManualTime;

  constructor(time: ManualTime) {
    this.#time = time;
    const probe = (): Promise<void> => (this.behaviour === 'well' ? Promise.resolve() : Promise.reject(refused()));
    this.circuit = new Circuit({ probe, time, intervalMs: () => 100 });
    this.circuit.trip();
  }

  readonly run: DatabaseOptions['primary']['run'] = async (_query, ms) => {
    this.statements += 1;
    this.underway += 1;
    this.most = Math.max(this.most, this.underway);
    try {
      if (this.behaviour === 'refuses') throw refused();
      const answer = new Promise<[]>((resolve) => this.behaviour === 'well' && this.#time.after(5, () => resolve([])));
      const rows = await within(this.#time, answer, ms);
      if (rows === TIMED_OUT) throw new SlowError('silent');
      return rows;
    } catch (error) {
      if (opensCircuit(classify(error))) this.circuit.trip();
      throw error;
    } finally {
      this.underway -= 1;
    }
  };
}

interface Bench {
  readonly time: ManualTime;
  readonly primary: NodeDouble;
  readonly standby: NodeDouble;
  readonly db: Database;
  readonly deadline: () => Deadline;
}

async function setUp(env: Record<string, string> = {}): Promise<Bench> {
  const time = new ManualTime();
  const config = loadConfig({ PRIMARY_URL: 'p', REDIS_URL: 'r', ...env }, { port: 1 });
  const primary = new NodeDouble(time);
  const standby = new NodeDouble(time);
  await time.pass(0);
  const poolSize = config.switches.dbPoolSize;
  const db = new Database({ primary, standby, config, poolSize, time, random: () => 0 });
  return { time, primary, standby, db, deadline: () => new Deadline(time, config.limits.requestMs) };
}

/** How the call ended and after how many milliseconds, or "still waiting" when it has not ended within `ms`. */
async function timed(time: ManualTime, call: Promise<unknown>, ms: number): Promise<string> {
  const started = time.now();
  const outcome = call.then(
    () => `ok at ${time.now() - started}`,
    (error: unknown) => `${(error as { code?: string }).code} at ${time.now() - started}`,
  );
  await time.pass(ms);
  return Promise.race([outcome, Promise.resolve().then(() => 'still waiting')]);
}

describe('the database client of the app', () => {
  it('lets writes in slowly after an outage, and all of them at once after a false alarm', async () => {
    const { db, time, primary, deadline } = await setUp();
    const writeMany = (): Promise<unknown> =>
      Promise.all(Array.from({ length: 200 }, () => db.write(STATEMENT, deadline())));

    primary.circuit.trip();
    const alarmed = writeMany();
    await time.pass(100);
    await alarmed;
    expect(primary.most).to.equal(16);

    primary.most = 0;
    primary.behaviour = 'refuses';
    primary.circuit.trip();
    const waiting = writeMany();
    await time.pass(1000);
    primary.behaviour = 'well';
    await time.pass(200);
    expect(primary.most).to.equal(1);
    await time.pass(300);
    expect(primary.most).to.equal(2);
    await Promise.all([waiting, time.pass(1500)]);
    await Promise.all([writeMany(), time.pass(100)]);
    expect(primary.most).to.equal(16);
  });

  it('gives the writes four fifths of a pool that has another size now, also after an outage, and at least one', async () => {
    const { db, time, primary, deadline } = await setUp();
    const mostOf = async (writes: number): Promise<number> => {
      primary.most = 0;
      await Promise.all([...Array.from({ length: writes }, () => db.write(STATEMENT, deadline())), time.pass(1500)]);
      return primary.most;
    };
    db.resize(5);
    expect(await mostOf(50)).to.equal(4);
    db.resize(1);
    expect(await mostOf(10)).to.equal(1);
    db.resize(10);
    expect(await mostOf(50)).to.equal(8);

    primary.behaviour = 'refuses';
    primary.circuit.trip();
    await time.pass(1000);
    primary.behaviour = 'well';
    await time.pass(200);
    db.resize(20);
    primary.most = 0;
    const waiting = Promise.all(Array.from({ length: 100 }, () => db.write(STATEMENT, deadline())));
    await time.pass(100);
    expect(primary.most, 'while the writes are let in slowly').to.equal(1);
    await Promise.all([waiting, time.pass(1500)]);
    expect(await mostOf(50)).to.equal(16);
  });

  it('reads from the standby, and leaves the primary alone', async () => {
    const { db, time, primary, standby, deadline } = await setUp();
    expect(await timed(time, db.read(STATEMENT, deadline()), 5)).to.equal('ok at 5');
    expect([standby.statements, primary.statements]).to.deep.equal([1, 0]);
  });

  it('reads from the primary when the standby refuses, and asks only the primary from then on', async () => {
    const { db, time, primary, standby, deadline } = await setUp();
    standby.behaviour = 'refuses';
    expect(await timed(time, db.read(STATEMENT, deadline()), 5)).to.equal('ok at 5');
    expect(await timed(time, db.read(STATEMENT, deadline()), 5)).to.equal('ok at 5');
    expect([standby.statements, primary.statements]).to.deep.equal([1, 2]);
  });

  it('waits 400 ms for a silent standby, but only once', async () => {
    const { db, time, standby, deadline } = await setUp();
    standby.behaviour = 'silent';
    expect(await timed(time, db.read(STATEMENT, deadline()), 500)).to.equal('ok at 405');
    expect(await timed(time, db.read(STATEMENT, deadline()), 500)).to.equal('ok at 5');
  });

  it('returns to the standby when it is back', async () => {
    const { db, time, standby, deadline } = await setUp();
    standby.behaviour = 'refuses';
    await timed(time, db.read(STATEMENT, deadline()), 1000);
    standby.behaviour = 'well';
    await time.pass(200);
    await timed(time, db.read(STATEMENT, deadline()), 5);
    expect(standby.statements).to.equal(2);
  });

  it('waits for the first node to come back when both are out', async () => {
    const { db, time, primary, standby, deadline } = await setUp();
    primary.behaviour = standby.behaviour = 'refuses';
    time.after(1000, () => (primary.behaviour = 'well'));
    expect(await timed(time, db.read(STATEMENT, deadline()), 3000)).to.match(/^ok at 1[01]\d\d$/);
  });

  it('gives up within the deadline', async () => {
    const { db, time, primary, standby, deadline } = await setUp();
    primary.behaviour = standby.behaviour = 'refuses';
    expect(await timed(time, db.read(STATEMENT, deadline()), 3000)).to.match(/^database_unavailable at 29\d\d$/);
    expect(await timed(time, db.write(STATEMENT, deadline()), 3000)).to.match(/^database_unavailable at 29\d\d$/);
  });

  it('does not fall back to the primary with FALLBACK=off', async () => {
    const { db, time, primary, standby, deadline } = await setUp({ FALLBACK: 'off' });
    standby.behaviour = 'refuses';
    expect(await timed(time, db.read(STATEMENT, deadline()), 3000)).to.match(/^database_unavailable/);
    expect(primary.statements).to.equal(0);
  });

  it('repeats a write when the primary is back, and never makes two attempts at a time', async () => {
    const { db, time, primary, deadline } = await setUp();
    primary.behaviour = 'refuses';
    time.after(1500, () => (primary.behaviour = 'well'));
    expect(await timed(time, db.write(STATEMENT, deadline()), 3000)).to.match(/^ok at 1[56]\d\d$/);
    expect(primary.most).to.equal(1);
    expect(primary.statements).to.equal(2);
  });

  it('tries a write only once with RETRY=off', async () => {
    const { db, time, primary, deadline } = await setUp({ RETRY: 'off' });
    primary.behaviour = 'refuses';
    expect(await timed(time, db.write(STATEMENT, deadline()), 10)).to.equal('database_unavailable at 0');
    expect(primary.statements).to.equal(1);
  });

  it('leaves a fifth of the connections to reads when writes hang', async () => {
    const { db, time, primary, deadline } = await setUp();
    primary.behaviour = 'silent';
    const writes = Array.from({ length: 100 }, () => db.write(STATEMENT, deadline()).catch(() => undefined));
    await time.pass(100);
    expect(primary.underway).to.equal(16);
    await time.pass(4000);
    await Promise.all(writes);
    expect(primary.most).to.equal(16);
  });

  it('hangs with TIMEOUT=off for as long as the primary does', async () => {
    const { db, time, primary, deadline } = await setUp({ TIMEOUT: 'off' });
    primary.behaviour = 'silent';
    expect(await timed(time, db.write(STATEMENT, deadline()), 3_600_000)).to.equal('still waiting');
  });
});
