import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import { recoveryIn } from '../../../../harness/core/runbook/recovery.ts';
import { series } from '../../../../harness/series/index.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';
import { sampleTick } from '../../../helpers/samples/load.ts';

/** One count of the load a second, from second 1 on: the share of failed requests of each second in percent. */
const load = (...shares: readonly (number | undefined)[]): RunEvent[] =>
  shares.flatMap((percent, i): RunEvent[] =>
    percent === undefined ? [] : [sampleTick((i + 1) * 1_000, { ok: 100 - percent, failed: percent })],
  );

const seen = (events: readonly RunEvent[], seconds: number) =>
  recoveryIn(
    [{ name: 'error_share', below: 1 }],
    series,
    { events, topology: SPEC },
    { started: 0, ended: seconds * 1_000 },
  );

describe('the recovery of a system', () => {
  it('is at the end of the last reading that was bad', () => {
    expect(seen(load(0, 50, 50, 0, 2, 0, 0, 0, 0, 0, 0), 11)).to.deep.equal({ outcome: 'recovered', ms: 5_000 });
  });

  it('has not come when a reading near the end is bad', () => {
    expect(seen(load(50, 50, 50, 50, 50, 50, 0, 0), 8)).to.deep.equal({ outcome: 'broken' });
  });

  it('is not known when nothing was read at the end, and is no recovery', () => {
    expect(seen(load(50, 50, 0, 0), 12).outcome).to.equal('unknown');
    expect(seen([], 12).outcome).to.equal('unknown');
  });

  it('needs a failure that was felt', () => {
    expect(seen(load(0, 0, 0, 0, 0, 0, 0, 0), 8)).to.deep.equal({ outcome: 'never broken' });
  });
});
