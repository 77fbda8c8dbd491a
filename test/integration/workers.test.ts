import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { chaos } from '../helpers/chaos.ts';
import { primaryOf, sqlIn } from '../helpers/database.ts';
import { becomesEmpty, container, docker } from '../helpers/docker.ts';

const NODES = [container('postgres-a'), container('postgres-b')];
const WORKERS = [1, 2, 3].map((replica) => container('worker', replica));
const JOBS = 6_000;
/** The lock of a dead worker's job ends after 5 s, and the others look every 3 s. A busy machine takes longer. */
const DONE_MS = 120_000;

const sql = (text: string): string => sqlIn(primaryOf(NODES), text);
const numberOf = (text: string): number => Number(sql(text));

/** Sends messages as the application does: each write and its job in one transaction. */
const burst = (name: string): string =>
  sql(`select count(*) from generate_series(1, ${JOBS}) n,
    lateral send_message('${name}:' || n, null, true, 1, 'email', 'subject ' || n, 'body') as answer
    where answer.status = 202`);

const effects = (name: string): string =>
  sql(
    `select count(*), count(distinct idempotency_key) from job_effects where starts_with(idempotency_key, '${name}:')`,
  );

/** Returns nothing when no job is owed any more. */
const owed = (): string[] => {
  const pending = numberOf('select count(*) from outbox');
  return pending === 0 ? [] : [`${pending} jobs`];
};

function metricsOf(worker: string): string {
  const read = `exec 3<>/dev/tcp/127.0.0.1/3001 && printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3`;
  return docker('exec', worker, 'bash', '-c', read);
}

/** Returns how many attempts at jobs a worker counts, by outcome. */
function counted(worker: string): Readonly<Record<string, number>> {
  const lines = metricsOf(worker).matchAll(/^jobs_total\{.*outcome="(\w+)".*\} (\d+)/gm);
  return Object.fromEntries([...lines].map(([, outcome = '', count]) => [outcome, Number(count)]));
}

describe('three workers', function () {
  this.timeout(300_000);

  before(async () => {
    const up = await chaos(['topology', 'up'], { CHAOS_WORKER_REPLICAS: '3' });
    expect(up.code, up.stderr).to.equal(0);
  });

  after(async () => {
    sql('select wedsync_reset()');
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
  });

  for (const [how, ...command] of [
    ['killed', 'kill'],
    ['stopped', 'stop', '-t', '8'],
  ] as const) {
    it(`share a burst of jobs, and each effect is stored once when one of them is ${how} in the middle`, async () => {
      expect(burst(how)).to.equal(String(JOBS));
      const some = (): string[] => {
        const done = numberOf(`select count(*) from job_effects where starts_with(idempotency_key, '${how}:')`);
        return done > JOBS / 10 ? [] : [`${done} done`];
      };
      expect((await becomesEmpty(some, DONE_MS)).left).to.deep.equal([]);
      const [gone = '', ...others] = WORKERS;
      docker(...command, gone);
      expect(numberOf('select count(*) from outbox'), 'jobs that are owed when the worker goes').to.be.greaterThan(0);
      const { left, afterMs } = await becomesEmpty(owed, DONE_MS);
      expect(left, `after ${afterMs.toFixed(0)} ms`).to.deep.equal([]);
      expect(effects(how)).to.equal(`${JOBS}|${JOBS}`);
      for (const worker of others) expect(counted(worker)['done'], worker).to.be.greaterThan(0);
      docker('start', gone);
    });
  }

  it('each tell the same number of jobs that wait, and tell it once more when all are done', async () => {
    const owes = `insert into outbox (job, idempotency_key, claimed_until)
      select 'thumbnail', 'later:' || n, now() + interval '1 hour' from generate_series(1, 7) n`;
    sql(owes);
    const pending = (): string[] => {
      const told = WORKERS.map((w) => /^outbox_pending (\d+)/m.exec(metricsOf(w))?.[1]);
      return told.every((n) => n === '7') ? [] : [told.join()];
    };
    expect((await becomesEmpty(pending, 30_000)).left).to.deep.equal([]);
    sql(`delete from outbox where starts_with(idempotency_key, 'later:')`);
    expect((await becomesEmpty(owed, 10_000)).left).to.deep.equal([]);
  });
});
