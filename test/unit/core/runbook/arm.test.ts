import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import type { JudgedRun } from '../../../../harness/core/record/run.ts';
import { armOf } from '../../../../harness/core/runbook/arm.ts';
import { series } from '../../../../harness/series/index.ts';
import { sampleTick } from '../../../helpers/samples/load.ts';
import { sampleRun } from '../../../helpers/samples/run.ts';

const S = 1_000;

/** Seconds after the failure, and how many requests of a hundred fail in each second up to then. */
const load = (seconds: number, failed: (second: number) => number): RunEvent[] =>
  Array.from({ length: seconds }, (_, i) =>
    sampleTick((i + 1) * S, { ok: 100 - failed(i + 1), failed: failed(i + 1) }),
  );

const command = (part: 'do' | 'worked' | 'way back', ended: number, ms: number): RunEvent => ({
  t: ended,
  kind: 'runbook.command',
  id: 'runbook-1',
  runbook: 'r',
  name: part,
  part,
  state: 'treated',
  place: 'host',
  code: 0,
  output: '',
  ms,
});

describe('an arm of a runbook', () => {
  it('is watched until the runbook takes its changes back: the failure is still there then', () => {
    const { document, history } = sampleRun();
    const events: RunEvent[] = [
      { t: 0, kind: 'fault.injected', id: 'kill-1', targets: ['chaos-app-1'] },
      // It fails, the runbook helps from second 6 on, and its way back takes the help away in second 20.
      ...load(25, (second) => (second <= 6 || second >= 20 ? 40 : 0)),
      command('do', 6 * S, 2 * S),
      command('worked', 8 * S, S),
      command('way back', 22 * S, 3 * S),
      { t: 25 * S, kind: 'fault.healing', id: 'kill-1' },
    ];
    const run = { document, history: { ...history, events } } as unknown as JudgedRun;
    const { recovery, watchedMs, begunMs } = armOf('treatment', run, [{ name: 'error_share', below: 1 }], series);
    expect(recovery).to.deep.equal({ outcome: 'recovered', ms: 6 * S });
    expect(watchedMs).to.equal(19 * S);
    expect(begunMs).to.equal(4 * S);
  });
});
