import { expect } from 'chai';
import { describe, it } from 'mocha';
import { unwellContainers } from '../../../../harness/control/docker/unwell.ts';
import type { ServiceSpec } from '../../../../harness/core/topology/spec.ts';
import type { ContainerState } from '../../../../harness/core/topology/state.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';
import { containerState } from '../../../helpers/samples/container.ts';

const { nginx } = SPEC.services;

function unwell(state: Partial<ContainerState> | undefined, more: Partial<ServiceSpec> = {}): string[] {
  const container = 'web-seed-1';
  const seed = { ...nginx!, name: 'seed', ...more };
  const listed = { id: 'c1', name: container, service: 'seed', replica: 1, running: true, image: 'i' };
  const seen =
    state === undefined
      ? { containers: [], states: [] }
      : { containers: [listed], states: [containerState({ container, ...state })] };
  return unwellContainers({ ...SPEC, services: { seed } }, seen);
}

const exited = (exitCode: number) => ({ status: 'exited', running: false, health: 'none', exitCode });

describe('the health of containers', () => {
  it('is sound when they run, and healthy where they have a check', () => {
    expect(unwell({ health: 'healthy' })).to.deep.equal([]);
    expect(unwell({ health: 'none' })).to.deep.equal([]);
    expect(unwell({ health: 'starting' })).to.deep.equal(['web-seed-1 is starting']);
    expect(unwell({ paused: true })).to.deep.equal(['web-seed-1 is paused']);
  });

  it('lacks a container that has ended, with whatever exit code: a fault may have stopped it', () => {
    expect(unwell(exited(137))).to.deep.equal(['web-seed-1 is exited']);
    const [told] = unwell(exited(0));
    expect(told).to.match(/^web-seed-1 is exited \(with exit code 0; .+one_shot: true in x-chaos\.services\)$/);
    expect(unwell(undefined)).to.deep.equal(['seed has 0 of 1 containers']);
  });

  it('is sound when a one-shot service has ended with 0, or its container is gone', () => {
    const oneShot = { oneShot: true } as const;
    expect(unwell(exited(0), oneShot)).to.deep.equal([]);
    expect(unwell(undefined, oneShot)).to.deep.equal([]);
    expect(unwell(exited(3), oneShot)).to.deep.equal(['web-seed-1 ended with exit code 3']);
    expect(unwell({}, oneShot)).to.deep.equal(['web-seed-1 has not ended yet']);
  });
});
