import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ChaosError } from '../../../../harness/core/errors.ts';
import { suiteDocument, type SuiteDocument } from '../../../../harness/core/suite/document.ts';
import type { Suite } from '../../../../harness/core/suite/suite.ts';
import { beginSuite, resumeSuite } from '../../../../harness/modes/suite/open-record.ts';
import { runSuite } from '../../../../harness/modes/suite/run-suite.ts';
import { readSuiteEvents, SUITE_EVENTS } from '../../../../harness/modes/suite/suite-record.ts';
import { nameFolder } from '../../../../harness/record/folders.ts';
import { RUN_MS, suiteEntry, suiteOf, SuiteWorld } from '../../../helpers/doubles/suite.ts';

const scratchFolder = (): string => mkdtempSync(join(tmpdir(), 'suite-'));
const abc = (): ReturnType<typeof suiteEntry>[] => ['a', 'b', 'c'].map((key) => suiteEntry(key));

interface Outcome {
  readonly document: SuiteDocument;
  readonly dir: string;
}

async function carriedOut(suite: Suite, world: SuiteWorld, resume?: string): Promise<Outcome> {
  using record =
    resume === undefined
      ? beginSuite(suite, nameFolder(scratchFolder(), 'suite-double'), world.parts.clock)
      : resumeSuite(suite, resume, world.parts.clock);
  await runSuite(suite, record, world.parts);
  return { document: suiteDocument(record.state, record.dir, suite.quarantines), dir: record.dir };
}

describe('a suite', () => {
  it('runs every experiment once, in one session, and passes when each passed', async () => {
    const world = new SuiteWorld();
    const { document } = await carriedOut(suiteOf(abc()), world);
    expect(world.ran).to.deep.equal(['a', 'b', 'c']);
    expect(world.sessions).to.equal('+-');
    expect(document.verdict).to.equal('PASS');
    expect(document.exit_code).to.equal(0);
    expect(document.not_run).to.deep.equal([]);
    expect(document.wall_s).to.equal((3 * RUN_MS) / 1_000);
  });

  it('asks again what failed, keeps every attempt, and never calls it passed', async () => {
    const world = new SuiteWorld({ b: ['FAIL', 'PASS'] });
    const { document } = await carriedOut(suiteOf(abc().map((entry) => ({ ...entry, again: 2 }))), world);
    expect(world.ran).to.deep.equal(['a', 'b', 'b', 'c']);
    const b = document.experiments.find(({ experiment }) => experiment === 'b');
    expect(b?.verdict).to.equal('unstable');
    expect(b?.attempts.map(({ verdict }) => verdict)).to.deep.equal(['FAIL', 'PASS']);
    expect(b?.passed).to.include({ passed: 1, of: 2 });
    expect([document.verdict, document.exit_code]).to.deep.equal(['unstable', 4]);
  });

  it('takes another session for another topology', async () => {
    const world = new SuiteWorld();
    const entries = [suiteEntry('a'), suiteEntry('b', { environment: { RETRY: 'off' } })];
    await carriedOut(suiteOf(entries), world);
    expect(world.sessions).to.equal('+-+-');
  });

  it('begins no run that would end after its time, and lists it with the reason', async () => {
    const world = new SuiteWorld();
    const { document } = await carriedOut(suiteOf(abc(), { budgetMs: 2 * RUN_MS + 1_000 }), world);
    expect(world.ran).to.deep.equal(['a', 'b']);
    expect(document.not_run.map(({ experiment, code }) => [experiment, code])).to.deep.equal([['c', 'budget']]);
    expect(document.not_run[0]?.reason).to.include('it takes 1 min 20 s at most, and 1.0 s are left');
    expect(document.verdict).to.equal('PASS');
  });

  it('proves nothing when nothing was run', async () => {
    const { document } = await carriedOut(suiteOf(abc(), { budgetMs: 1_000 }), new SuiteWorld());
    expect([document.verdict, document.exit_code]).to.deep.equal(['INCONCLUSIVE', 4]);
  });

  it('stops after its budget of failures', async () => {
    const world = new SuiteWorld({ a: ['FAIL'] });
    const { document } = await carriedOut(suiteOf(abc(), { mostFailures: 1 }), world);
    expect(world.ran).to.deep.equal(['a']);
    expect(document.not_run.map(({ code }) => code)).to.deep.equal(['failures', 'failures']);
    expect(document.verdict).to.equal('FAIL');
  });

  it('runs nothing more when something was not put back', async () => {
    const world = new SuiteWorld({ a: ['NOT RESTORED'] });
    const { document } = await carriedOut(suiteOf(abc()), world);
    expect(world.ran).to.deep.equal(['a']);
    expect([document.verdict, document.exit_code]).to.deep.equal(['NOT RESTORED', 6]);
  });

  it('begins nothing in a blackout', async () => {
    const world = new SuiteWorld();
    const monday = { days: [1], from: 121, to: 122, zone: 'UTC', text: 'mon', why: 'a test' };
    const { document } = await carriedOut(suiteOf(abc(), { blackouts: [monday] }), world);
    expect(document.not_run.map(({ code }) => code)).to.deep.equal(['blackout', 'blackout', 'blackout']);
  });

  it('lists what could not be run because the topology did not come up, and is NOT READY', async () => {
    const world = new SuiteWorld();
    world.onOpen = () => {
      throw new Error('no engine');
    };
    const { document } = await carriedOut(suiteOf(abc()), world);
    expect(document.not_run.map(({ code }) => code)).to.deep.equal(['not ready', 'not ready', 'not ready']);
    expect([document.verdict, document.exit_code]).to.deep.equal(['NOT READY', 3]);
  });

  it('is NOT RESTORED when what an earlier run left behind cannot be put back, also after results', async () => {
    const residue = new ChaosError('CHAOS_RESIDUE', {
      what: 'a rule is left',
      hint: 'chaos heal',
      exit: 'not-restored',
    });
    for (const ran of [0, 1]) {
      const world = new SuiteWorld({ a: ['FAIL'] });
      let opened = 0;
      world.onOpen = () => {
        if (opened === ran) throw residue;
        opened += 1;
      };
      // Another topology for the second experiment: its session is opened after the first has a result.
      const entries = [suiteEntry('a'), suiteEntry('b', { environment: { RETRY: 'off' } })];
      const { document } = await carriedOut(suiteOf(entries), world);
      expect(world.ran).to.have.length(ran);
      expect([document.verdict, document.exit_code]).to.deep.equal(['NOT RESTORED', 6]);
      expect(document.not_run.at(-1)).to.include({ code: 'not restored' });
    }
  });

  it('lets a quarantined failure pass for 14 days, and not a day longer', async () => {
    const quarantined = (since: string): Suite =>
      suiteOf(abc(), { quarantines: [{ experiment: 'b', since, why: 'a known defect' }] });
    const fresh = await carriedOut(quarantined('2026-11-17'), new SuiteWorld({ b: ['FAIL'] }));
    expect(fresh.document.verdict).to.equal('PASS');
    expect(fresh.document.experiments[1]?.quarantined).to.include({ until: '2026-12-01' });
    const old = await carriedOut(quarantined('2026-11-16'), new SuiteWorld({ b: ['FAIL'] }));
    expect(old.document.verdict).to.equal('FAIL');
  });

  it('hides nothing that was left behind, not even in quarantine', async () => {
    const quarantines = [{ experiment: 'b', since: '2026-11-29', why: 'a known defect' }];
    const world = new SuiteWorld({ b: ['NOT RESTORED'] });
    const { document } = await carriedOut(suiteOf(abc(), { quarantines }), world);
    expect(document.verdict).to.equal('NOT RESTORED');
  });
});

describe('a suite that was ended early', () => {
  class Crash extends Error {}

  it('goes on where it was: what is done is not done again', async () => {
    const suite = suiteOf(abc());
    const crashed = new SuiteWorld();
    crashed.onRun = (key) => {
      if (key === 'b') throw new Crash();
    };
    using record = beginSuite(suite, nameFolder(scratchFolder(), 'suite-double'), crashed.parts.clock);
    await runSuite(suite, record, crashed.parts).catch((error: unknown) => expect(error).to.be.instanceOf(Crash));
    const world = new SuiteWorld();
    const { document } = await carriedOut(suite, world, record.dir);
    expect(world.ran).to.deep.equal(['b', 'c']);
    expect(document.verdict).to.equal('PASS');
    expect(document.experiments.map(({ attempts }) => attempts.length)).to.deep.equal([1, 1, 1]);
    expect(document.experiments[1]?.broken).to.deep.equal(['run-2']);
  });

  it('is INTERRUPTED, and goes on too', async () => {
    const suite = suiteOf(abc());
    const stopped = new SuiteWorld({ b: ['INTERRUPTED'] });
    const first = await carriedOut(suite, stopped);
    stopped.ended = true;
    expect(stopped.ran).to.deep.equal(['a', 'b', 'c']);
    expect(first.document.verdict).to.equal('INTERRUPTED');
    const world = new SuiteWorld();
    const { document } = await carriedOut(suite, world, first.dir);
    expect(world.ran).to.deep.equal(['b']);
    expect(document.verdict).to.equal('PASS');
  });

  it('goes on after a crash cut its last line short', async () => {
    const suite = suiteOf(abc());
    const { dir } = await carriedOut(suite, new SuiteWorld());
    const path = join(dir, SUITE_EVENTS);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    writeFileSync(path, `${lines.slice(0, -1).join('\n')}\n${lines.at(-1)?.slice(0, 20)}`);
    const world = new SuiteWorld();
    const { document } = await carriedOut(suite, world, dir);
    expect(world.ran).to.deep.equal(['c']);
    expect(document.verdict).to.equal('PASS');
    expect(readSuiteEvents(dir).at(-1)?.kind).to.equal('attempt.ended');
  });

  it('is not gone on with when its experiments have changed', async () => {
    const { dir } = await carriedOut(suiteOf(abc()), new SuiteWorld());
    const other = suiteOf([...abc(), suiteEntry('d')]);
    expect(() => resumeSuite(other, dir, new SuiteWorld().parts.clock)).to.throw('have changed since');
  });

  it('does not count the time between its end and its going on', async () => {
    const suite = suiteOf(abc(), { budgetMs: 4 * RUN_MS });
    const crashed = new SuiteWorld();
    crashed.onRun = (key) => {
      if (key === 'b') throw new Crash();
    };
    using record = beginSuite(suite, nameFolder(scratchFolder(), 'suite-double'), crashed.parts.clock);
    await runSuite(suite, record, crashed.parts).catch(() => undefined);
    const world = new SuiteWorld();
    world.now = crashed.now + 8 * 3_600_000;
    const { document } = await carriedOut(suite, world, record.dir);
    expect(world.ran).to.deep.equal(['b', 'c']);
    expect(document.wall_s).to.equal((3 * RUN_MS) / 1_000);
  });
});
