import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { PlannedFault } from '../../../../harness/core/plan/plan.ts';
import { timesOf } from '../../../../harness/core/plan/times.ts';
import { faults as catalogue } from '../../../../harness/faults/index.ts';
import { clashes } from '../../../../harness/plan/steps/clashes.ts';
import { steps as kinds } from '../../../../harness/steps/index.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';

/** Returns the messages about two faults: `older` lasts from 1 s to 5 s, and `newer` begins at `at`. */
function told(older: readonly [string, object], newer: readonly [string, object], at: number): readonly string[] {
  const planned = ([fault, params]: readonly [string, object], n: number, begins: number, lasts?: number) =>
    ({ id: `${fault}-${n}`, fault, params, at: begins, for: lasts }) satisfies PlannedFault;
  const steps = [planned(older, 1, 1_000, 4_000), planned(newer, 2, at)];
  const places = new Map(steps.map((step, i) => [step, ['faults', i]]));
  const around = { topology: SPEC, catalogue, times: timesOf(steps, kinds), places, phase: 20_000 };
  return clashes(steps, around).map(({ message }) => message);
}

const PROXIES = { service: 'toxiproxy' };
const LINK = { link: 'app-to-redis' };

describe('faults that meet', () => {
  it('clash when one acts on a link whose proxies do not run then', () => {
    const message = '"refuse" begins in chaos-toxiproxy-1, which does not run then because of "kill"';
    expect(told(['kill', PROXIES], ['refuse', LINK], 4_999)).to.deep.equal([message]);
    expect(told(['kill', PROXIES], ['refuse', LINK], 5_000)).to.deep.equal([]);
    expect(told(['kill', { service: 'redis' }], ['refuse', LINK], 2_000)).to.deep.equal([]);
  });

  it('clash when the container is removed then, also for faults that keep containers down', () => {
    const message = '"stop" begins in chaos-toxiproxy-1, which is removed then because of "remove"';
    expect(told(['remove', PROXIES], ['stop', PROXIES], 2_000)).to.deep.equal([message]);
    expect(told(['stop', PROXIES], ['remove', PROXIES], 2_000)).to.deep.equal([]);
  });

  it('do not clash in a container that a role or the seed chooses: that is known in the run only', () => {
    for (const target of [
      { service: 'app', count: 1 },
      { service: 'app', all_but: 1 },
    ])
      expect(told(['kill', target], ['cpu_burn', { service: 'app', workers: 1 }], 2_000)).to.deep.equal([]);
    const message = '"cpu_burn" begins in chaos-app-1, which does not run then because of "kill"';
    const every = { service: 'app', percent: 100 };
    expect(told(['kill', every], ['cpu_burn', { service: 'app', workers: 1 }], 2_000)).to.deep.equal([message]);
  });
});
