import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import series from '../../../harness/series/open_files.ts';
import { SMALL_PLAN } from '../../helpers/samples/history.ts';

const measured = (container: string, value: number): RunEvent => ({
  kind: 'reading',
  t: 1_000,
  source: container,
  name: 'open_files',
  labels: { container },
  value,
  unit: series.unit,
});

describe('the series open_files', () => {
  it('reads what was measured of the selected containers, each as a line', () => {
    const read = series.read('app', SMALL_PLAN.topology);
    expect(read(measured('chaos-app-2', 7))).to.deep.equal([{ labels: { container: 'chaos-app-2' }, value: 7 }]);
    expect(read(measured('chaos-redis-1', 7))).to.deep.equal([]);
    expect(read({ kind: 'note', t: 1_000, message: 'something else' })).to.deep.equal([]);
  });

  it('asks every replica of the services that it means, and of all services without `of`', () => {
    const { topology } = SMALL_PLAN;
    const services = (of?: string): string[] =>
      (series.needs?.(of, topology).probes?.['printed'] ?? []).map((set) => (set as { service: string }).service);
    expect(services('app')).to.deep.equal(['app']);
    expect(services('postgres')).to.deep.equal(topology.groups['postgres']);
    expect(services()).to.deep.equal(Object.keys(topology.services));
  });
});
