import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { systemClock } from '../../harness/core/clock.ts';
import type { HopCounts } from '../../harness/core/hops.ts';
import type { RunDocument } from '../../harness/core/run.ts';
import { chaos, runExperiment, summary } from '../helpers/chaos.ts';
import { drawn } from '../helpers/drawn.ts';
import { startLoad } from '../helpers/load.ts';

const lengths = (warmup: string, baseline: string, fault: string, recovery: string): string[] =>
  Object.entries({ warmup, baseline, fault, recovery }).flatMap(([name, length]) => [
    '--set',
    `phases.${name}=${length}`,
  ]);
/** As short as the bounds of a PASS allow: 0.1 % needs 2,995 clean requests, reads are 63 % of 278/s. */
const short = (fault: string): string[] => lengths('6s', '12s', fault, '12s');
/** A FAIL needs less: enough to show the breach. */
const brief = (fault: string): string[] => lengths('8s', '4s', fault, '4s');

interface Case {
  readonly experiment: string;
  /** Length of the fault phase. */
  readonly fault: { readonly sound: string; readonly bad: string };
  /** What makes the application or the topology bad, and what must be found then. */
  readonly bad: Readonly<Record<string, string>>;
  readonly why: string;
  readonly fails: { readonly check: RegExp; readonly during?: string };
}

const CASES: readonly Case[] = [
  {
    experiment: 'postgres-primary-loss',
    fault: { sound: '18s', bad: '13s' },
    bad: { CHAOS_ACKNOWLEDGE: 'early', CHAOS_RETRY: 'off' },
    why: 'the application acknowledges before it has written, and tries once',
    fails: { check: /acknowledged/ },
  },
  {
    experiment: 'postgres-replica-loss',
    fault: { sound: '40s', bad: '8s' },
    bad: { CHAOS_FALLBACK: 'off', CHAOS_READ_FALLBACK: 'off' },
    why: 'nothing reads from the primary when the standby is gone',
    fails: { check: /errors/, during: 'fault' },
  },
  {
    experiment: 'app-replica-kill',
    fault: { sound: '16s', bad: '8s' },
    bad: { CHAOS_NGINX_FAILOVER: 'off' },
    why: 'nginx does not pass on a request that a dead replica refused',
    fails: { check: /errors/, during: 'fault' },
  },
  {
    experiment: 'redis-loss',
    fault: { sound: '16s', bad: '8s' },
    bad: { CHAOS_JOBS: 'direct' },
    why: 'jobs go straight to Redis instead of the outbox',
    fails: { check: /errors/, during: 'fault' },
  },
  {
    experiment: 'slow-database-link',
    fault: { sound: '16s', bad: '8s' },
    bad: { CHAOS_DB_POOL_SIZE: '1' },
    why: "the pool is too small for the link: Little's law",
    fails: { check: /latency/, during: 'fault' },
  },
  {
    experiment: 'database-partition',
    fault: { sound: '15s', bad: '13s' },
    bad: { CHAOS_ACKNOWLEDGE: 'early', CHAOS_RETRY: 'off' },
    why: 'the application acknowledges before it has written, and tries once',
    fails: { check: /acknowledged/ },
  },
];

/**
 * An experiment's document; one that is INCONCLUSIVE or NOT READY is asked for once more. On a shared host a second may be
 * taken from all that run on it: the run then rightly says that it cannot tell. What the code does wrong is a FAIL, an
 * ERROR or NOT RESTORED, and those are never asked again.
 */
async function settled(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<RunDocument> {
  const document = await runExperiment(args, env);
  return ['INCONCLUSIVE', 'NOT READY'].includes(document.verdict) ? runExperiment(args, env) : document;
}

/** The fault was effective, every validity gate was green, and all was put back: the verdict is about the hypotheses. */
function expectValid(document: RunDocument): void {
  const said = summary(document);
  expect(document.invalid, said).to.deep.equal([]);
  expect(document.restored, said).to.equal(true);
  for (const fault of document.faults) expect(fault.effective, said).to.equal('effective');
}

/** Every request of the client, the edge and the replicas is accounted for, one by one. */
function expectFollowed({ reconciliation: found }: RunDocument): readonly HopCounts[] {
  const said = JSON.stringify(found, undefined, 1);
  expect(found, said).to.include({ edge: 'nginx', app: 'app', complete: true });
  expect(found?.problem, said).to.equal(undefined);
  for (const row of found?.rows ?? []) {
    expect(row.planned, said).to.equal(row.answered + row.failed + row.in_flight + row.dropped);
    expect(row.edge.seen, said).to.be.greaterThan(0);
    const lost = row.lost_attempts.reduce((sum, l) => sum + l.count, 0);
    // No cache stands before the API: what nginx tried and no replica logged is lost, and named by replica and time.
    expect(row.attempts.total, said).to.equal(row.app.seen + lost);
    expect(
      row.differences.filter((d) => !d.explained),
      said,
    ).to.deep.equal([]);
  }
  return found?.rows ?? [];
}

describe('the six experiments', function () {
  this.timeout(300_000);

  describe('on the sound topology', () => {
    before(async () => {
      const up = await chaos(['topology', 'up']);
      expect(up.code, up.stderr).to.equal(0);
      // Just up, it is cold: connections, plans and compiled code come with the first requests.
      const load = await startLoad('278/s');
      await systemClock.sleep(8_000);
      await load.stop();
    });

    // A minute each; `npm run evidence` runs all of them, at full length and more than once.
    for (const { experiment, fault } of drawn(CASES, 2)) {
      it(`${experiment} passes`, async () => {
        const document = await settled([`experiments/${experiment}.yaml`, ...short(fault.sound)]);
        expectValid(document);
        expect(document.verdict, summary(document)).to.equal('PASS');
        expect(document.exit_code).to.equal(0);
        const rows = expectFollowed(document);
        if (experiment !== 'app-replica-kill') return;
        const [open] = rows;
        expect(open?.attempts.retries).to.be.greaterThan(0);
        // Each of them failed at the replica that was killed, and at no other.
        const replicas = new Set(open?.lost_attempts.map((l) => l.replica));
        expect([...replicas]).to.deep.equal(['chaos-test-app-2']);
      });
    }
  });

  describe('on one that is bad in a known way', () => {
    for (const { experiment, fault, bad, why, fails } of CASES) {
      it(`${experiment} fails when ${why}`, async () => {
        const up = await chaos(['topology', 'up'], bad);
        expect(up.code, up.stderr).to.equal(0);
        const document = await settled([`experiments/${experiment}.yaml`, ...brief(fault.bad)], bad);
        expectValid(document);
        expect(document.verdict, summary(document)).to.equal('FAIL');
        const failed = document.checks.filter((c) => c.verdict === 'FAIL');
        const named = failed.some(
          (c) => fails.check.test(c.name) && (fails.during === undefined || c.during.some((d) => d === fails.during)),
        );
        expect(named, summary(document)).to.equal(true);
      });
    }
  });
});
