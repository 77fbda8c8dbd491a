import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { seededRandom } from '../../../../harness/core/random.ts';
import type { Arm } from '../../../../harness/core/runbook/arm.ts';
import type { RunbookDocument } from '../../../../harness/core/runbook/document.ts';
import { askedDigest, earlierValidations } from '../../../../harness/modes/runbook/earlier.ts';
import { validateMany } from '../../../../harness/modes/runbook/validate-many.ts';
import { validateRunbook } from '../../../../harness/modes/runbook/validate.ts';
import { runbookSample } from '../../../helpers/samples/runbook.ts';

const MIN = 60_000;

interface Case {
  readonly until?: number;
  /** How long each runbook really takes, milliseconds. Its arms last 4 minutes at least. */
  readonly tookMs?: Readonly<Record<string, number>>;
  readonly verdicts?: Readonly<Record<string, RunbookDocument['verdict']>>;
  readonly interruptedAfter?: number;
}

async function validated(
  names: readonly string[],
  { until = Infinity, tookMs = {}, verdicts = {}, interruptedAfter = Infinity }: Case,
) {
  let now = 0;
  let count = 0;
  const { documents, notBegun } = await validateMany(
    names.map((name) => ({ name })),
    {
      leastMs: ({ name }) => (name === 'short' ? 1 : 4) * MIN,
      validate: async ({ name }) => {
        now += tookMs[name] ?? 4 * MIN;
        count += 1;
        return runbookSample({ runbook: name, verdict: verdicts[name] ?? 'proven' });
      },
      clock: { now: () => now },
      until,
      interrupted: () => count >= interruptedAfter,
      say: () => undefined,
    },
  );
  return {
    done: documents.map(({ runbook }) => runbook),
    left: notBegun.map(({ runbook, reason }) => `${runbook}: ${reason}`),
  };
}

describe('the validation of several runbooks', () => {
  it('validates all of them when there is time', async () => {
    expect(await validated(['a', 'b'], {})).to.deep.equal({ done: ['a', 'b'], left: [] });
  });

  it('begins none for which the time does not suffice, and a shorter one after it', async () => {
    const { done, left } = await validated(['a', 'b', 'short'], { until: 7 * MIN });
    expect(done).to.deep.equal(['a', 'short']);
    expect(left).to.deep.equal(['b: no time is left']);
  });

  it('learns how much longer than its arms a validation takes', async () => {
    const { done, left } = await validated(['a', 'b'], { until: 11 * MIN, tookMs: { a: 6 * MIN } });
    expect(done).to.deep.equal(['a']);
    expect(left).to.deep.equal(['b: no time is left']);
  });

  it('begins none after somebody has ended it, or after something could not be put back', async () => {
    expect(await validated(['a', 'b'], { interruptedAfter: 1 })).to.deep.equal({
      done: ['a'],
      left: ['b: it was ended early'],
    });
    expect((await validated(['a', 'b'], { verdicts: { a: 'NOT RESTORED' } })).left).to.deep.equal([
      'b: something before it could not be put back',
    ]);
  });
});

describe('a validation whose time is over', () => {
  it('begins no further pair, and says so', async () => {
    const run = async (kind: Arm['arm']): Promise<Arm> => ({
      arm: kind,
      run: 'r',
      dir: '/r',
      recovery: kind === 'control' ? { outcome: 'broken' } : { outcome: 'recovered', ms: 5_000 },
      watchedMs: 20_000,
      begunMs: kind === 'control' ? null : 3_000,
      commands: [],
      left: [],
    });
    const looks = { over: 0 };
    const { arms, decision } = await validateRunbook(
      { heals: 'by hand', withinMs: 15_000, commands: [{ name: 'look' } as never] },
      {
        run,
        interrupted: () => false,
        timeIsOver: () => (looks.over += 1) > 1,
        random: seededRandom(1),
        say: () => undefined,
      },
    );
    expect(arms).to.have.lengthOf(4);
    expect(decision).to.include({ verdict: 'INCONCLUSIVE', why: 'the time was over before the arms decided' });
  });
});

describe('earlier validations', () => {
  it('are those that ended, oldest first, and a damaged folder hides none', () => {
    const reports = mkdtempSync(join(tmpdir(), 'earlier-'));
    const write = (name: string, text: string): void => {
      mkdirSync(join(reports, name));
      writeFileSync(join(reports, name, 'runbook.json'), text);
    };
    write('20261130T160000Z-runbook-b-0001', JSON.stringify(runbookSample({ run: 'second' })));
    write('20261130T150000Z-runbook-a-0002', JSON.stringify(runbookSample({ run: 'first' })));
    write(
      '20261130T170000Z-runbook-c-0003',
      JSON.stringify({ run: 'third', title: 't', started: 's', state: 'running' }),
    );
    write('20261130T180000Z-runbook-d-0004', '{ "run": ');
    expect(earlierValidations(reports).map(({ run }) => run)).to.deep.equal(['first', 'second']);
    expect(earlierValidations(join(reports, 'none'))).to.deep.equal([]);
  });

  it('are told apart by the text of the runbook, and by the experiment whose load they take', () => {
    expect(askedDigest('a', 'b')).to.equal(askedDigest('a', 'b'));
    expect(new Set([askedDigest('a', 'b'), askedDigest('c', 'b'), askedDigest('a', 'c')]).size).to.equal(3);
  });
});
