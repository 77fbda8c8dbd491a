import type { Form } from './form.ts';

/** The form compiles and passes its own test. One law fails until `needs` names who measures the series. */
const definition = (name: string): string => `import { defineSeries } from '../core/kinds/series.ts';
import { ofContainer, readingsOf } from '../kit/series/readings.ts';
import { servers } from '../kit/series/servers.ts';

const NAME = '${name}';

export default defineSeries({
  name: NAME,
  summary: 'Say in one sentence what a reading is.',
  unit: 'count',
  everyMs: 5_000,
  momentary: true,
  of: servers,
  example: { of: 'app', above: 100 },
  // What must be measured for it: parameters of a probe, an observer, or watched services. Here nothing is measured yet.
  // A number that a command prints: needs: (of, spec) => printedBy(servicesFor(of, spec), { ... }), as in open_files.ts.
  needs: () => ({}),
  read: readingsOf(NAME, ofContainer),
});
`;

const test = (name: string): string => `import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import series from '../../../harness/series/${name}.ts';
import { SMALL_PLAN } from '../../helpers/samples/history.ts';

const measured = (container: string, value: number): RunEvent => ({
  kind: 'reading',
  t: 1_000,
  source: container,
  name: '${name}',
  labels: { container },
  value,
  unit: series.unit,
});

describe('the series ${name}', () => {
  it('reads what was measured of the selected containers, each as a line', () => {
    const read = series.read('app', SMALL_PLAN.topology);
    expect(read(measured('chaos-app-2', 7))).to.deep.equal([{ labels: { container: 'chaos-app-2' }, value: 7 }]);
    expect(read(measured('chaos-redis-1', 7))).to.deep.equal([]);
    expect(read({ kind: 'note', t: 1_000, message: 'something else' })).to.deep.equal([]);
  });
});
`;

/** A figure over time, with its test. */
export const series = (name: string): Form => {
  const [file, tested] = [`harness/series/${name}.ts`, `test/unit/series/${name}.test.ts`];
  return {
    files: { [file]: definition(name), [tested]: test(name) },
    next: [
      `${file}: summary, unit, interval, example, and in needs who measures it (harness/kit/measured.ts: printedBy runs a command in each container, as open_files.ts has it, and exportedBy asks a service's /metrics, as queue_depth.ts has it; another probe is a file in harness/probes/)`,
      `${tested}: the events that it reads, and the values that they give`,
      'npm run generate: the editor knows it then',
      `npx mocha ${tested} test/contract/series.test.ts`,
      `harness/chaos explain ${name}: the forms to copy into an experiment; harness/chaos validate FILE reads one`,
      'CHANGELOG.md: one line',
    ],
  };
};
