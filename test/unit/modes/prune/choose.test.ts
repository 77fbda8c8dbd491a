import { expect } from 'chai';
import { describe, it } from 'mocha';
import { choose, type ChooseOptions } from '../../../../harness/modes/prune/choose.ts';
import { KEEPERS } from '../../../../harness/modes/prune/keepers/index.ts';
import type { Recorded } from '../../../../harness/modes/prune/recorded.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 30);

/** A run of an experiment that began so many days ago. */
const run = (name: string, daysAgo: number, over: Partial<Recorded> = {}): Recorded => ({
  kind: 'experiment',
  run: name,
  title: 't',
  verdict: 'PASS',
  started: new Date(NOW - daysAgo * DAY_MS).toISOString(),
  dir: `/nowhere/${name}`,
  subject: 'experiment redis-loss',
  restored: true,
  ...over,
});

function chosen(all: readonly Recorded[], over: Partial<ChooseOptions> = {}): Record<string, string> {
  const scene = {
    all,
    keep: 1,
    open: new Set<string>(),
    summaries: [],
    covered: [],
    now: NOW,
    olderThanMs: 90 * DAY_MS,
    keepers: KEEPERS,
  };
  return Object.fromEntries(
    choose({ ...scene, ...over }).map(({ recorded, goes, reason }) => [
      recorded.run,
      `${goes ? 'goes' : 'stays'}: ${reason}`,
    ]),
  );
}

const GOES = 'goes: is 100 days old';

describe('what may go of the recorded runs', () => {
  it('is what is older, and no run that is younger is even named', () => {
    expect(chosen([run('old', 100), run('at the limit', 90), run('new', 1)])).to.deep.equal({ old: GOES });
  });

  it('is not the newest of an experiment, nor the n newest with --keep', () => {
    const all = [run('a', 100), run('b', 99), run('c', 98)];
    expect(chosen(all)).to.deep.include({ a: GOES, c: 'stays: is the newest PASS of its experiment' });
    const failed = all.map((one) => ({ ...one, verdict: 'FAIL' }));
    expect(chosen(failed)).to.deep.include({ b: 'goes: is 99 days old', c: 'stays: is the newest of its experiment' });
    expect(chosen(failed, { keep: 2 })).to.deep.include({
      a: GOES,
      b: 'stays: is among the 2 newest of its experiment',
    });
  });

  it('is not the newest PASS, also when younger runs failed; and each experiment counts by itself', () => {
    const other = { subject: 'experiment worker-loss' };
    expect(
      chosen([run('a', 100), run('b', 100), run('c', 10, { verdict: 'FAIL' }), run('d', 100, other)]),
    ).to.deep.equal({
      a: GOES,
      b: 'stays: is the newest PASS of its experiment',
      d: 'stays: is the newest PASS of its experiment',
    });
  });

  it('is nothing that is at work, not restored, without a verdict, or with undo steps that are not done', () => {
    const all = [
      run('works', 100, { verdict: 'RUNNING', restored: undefined }),
      run('broken', 100, { verdict: 'NOT RESTORED', restored: false }),
      run('died', 100, { verdict: 'INTERRUPTED', restored: undefined }),
      run('open', 100),
      run('healed', 100, { verdict: 'INTERRUPTED' }),
      run('newest', 1),
    ];
    expect(chosen(all, { open: new Set(['open']) })).to.deep.equal({
      works: 'stays: is at work',
      broken: 'stays: is not restored',
      died: 'stays: has no verdict, so nothing says that it is put back: `chaos heal RUN`',
      open: 'stays: has undo steps that are not done: `chaos heal`',
      healed: GOES,
    });
  });

  it('is nothing that one more keeper needs, with its reason', () => {
    const keepers = [
      ...KEEPERS,
      () =>
        ({ run: name }: Recorded) =>
          name === 'a' ? 'is in a certificate' : undefined,
    ];
    expect(chosen([run('a', 100), run('b', 100), run('c', 1)], { keepers })).to.deep.equal({
      a: 'stays: is in a certificate',
      b: GOES,
    });
  });

  it('is nothing whose time cannot be read', () => {
    expect(chosen([run('odd', 100, { started: 'once' }), run('c', 1)])).to.deep.equal({});
  });
});
