import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Board } from '../../../../../harness/modes/watch/board/board.ts';
import type { Beginning, Update } from '../../../../../harness/modes/watch/message.ts';
import { describeEvent } from '../../../../../harness/reporters/wording/describe-event.ts';
import { series } from '../../../../../harness/series/index.ts';
import { pagePart } from '../../../../helpers/page-part.ts';
import { keptEvents } from '../../../../helpers/replay.ts';

interface Line {
  readonly values: readonly (number | null | undefined)[];
  readonly newest: number;
}
interface State {
  readonly run: {
    readonly begin: Beginning | null;
    readonly verdict: string | null;
    readonly faults: ReadonlyMap<string, { readonly state: string }>;
    readonly charts: readonly { readonly xs: readonly number[]; readonly lines: ReadonlyMap<string, Line> }[];
    readonly cards: readonly { readonly values: readonly unknown[] }[];
  };
  take(update: Update): void;
  spans(): readonly { readonly id: string; readonly from: number; readonly to: number }[];
  takeChanged(): ReadonlySet<string>;
}

const runState = pagePart('parts/run-state.js', 'runState') as (began: (begin: Beginning) => void) => State;
const events = keptEvents('v2-postgres-primary-loss');
const board = new Board({ series, describe: describeEvent });
const updates = events.flatMap((event) => board.see(event) ?? []);

describe('the state of a run on a live page', () => {
  it('has every point of the messages at its moment, one fault with its span, and the verdict', () => {
    const begun: string[] = [];
    const state = runState(({ run }) => void begun.push(run));
    for (const update of updates) state.take(update);
    const { run } = state;
    expect(begun).to.deep.equal([run.begin?.run]);
    const sent = updates.flatMap(({ points = [] }) => points);
    expect(sent.length).to.be.greaterThan(500);
    for (const [chart, line, x, value] of sent) {
      const { xs, lines } = run.charts[chart]!;
      expect(lines.get(line)?.values[xs.indexOf(x)], `${chart} ${line} ${x}`).to.equal(value);
    }
    for (const { xs } of run.charts) expect([...xs]).to.deep.equal([...xs].toSorted((a, b) => a - b));
    const ended = updates.findLast(({ verdict }) => verdict !== undefined);
    expect(run.verdict).to.equal(ended?.verdict);
    const moments = updates.filter(({ fault }) => fault?.state === 'in force' || fault?.state === 'healed');
    const origin = updates.find(({ phase }) => phase !== undefined)?.t ?? 0;
    expect(state.spans().map(({ from, to }) => [from, to])).to.deep.equal([
      moments.map(({ t }) => (t - origin) / 1_000),
    ]);
    expect(run.cards[0]?.values.length).to.equal(updates.filter(({ cards }) => cards !== undefined).length);
  });

  it('says once what has changed, and begins anew with another run', () => {
    const state = runState(() => undefined);
    state.take({ t: 1, alert: { name: 'Early', labels: {}, state: 'firing', since: 1, delivered: null } });
    expect(state.run.begin, 'before its beginning a run has no state').to.equal(null);
    for (const update of updates) state.take(update);
    expect([...state.takeChanged()]).to.include.members(['charts', 'cards', 'services']);
    expect([...state.takeChanged()]).to.deep.equal([]);
    state.take({ ...updates[0]!, t: 1 });
    expect(state.run.verdict).to.equal(null);
    expect(state.spans()).to.deep.equal([]);
    expect([...state.takeChanged()]).to.include('charts');
  });
});
