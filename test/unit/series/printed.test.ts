import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import series from '../../../harness/series/printed.ts';
import { SMALL_PLAN } from '../../helpers/samples/history.ts';

const OF = 'app: ls /tmp | wc -l';
const { topology } = SMALL_PLAN;

const said = (name: string, container: string, value: number): RunEvent => ({
  kind: 'reading',
  t: 1_000,
  source: container,
  name,
  labels: { container },
  value,
  unit: series.unit,
});

describe('the series printed', () => {
  it('asks each service that it means for the number, with the script as it is written', () => {
    const asked = (of: string) =>
      (series.needs?.(of, topology).probes?.['printed'] ?? []) as { service: string; run: string[]; name: string }[];
    expect(asked(OF).map(({ service, run }) => [service, run[2]])).to.deep.equal([['app', 'ls /tmp | wc -l']]);
    expect(asked('postgres: echo 1').map(({ service }) => service)).to.deep.equal(topology.groups['postgres']);
    expect(asked('app: echo 1')[0]?.name).to.not.equal(asked('app: echo 2')[0]?.name);
  });

  it('reads its own script, and with none every script as a line of its own', () => {
    const mine = said(`printed ${OF}`, 'chaos-app-1', 3);
    const other = said('printed app: echo 9', 'chaos-app-1', 9);
    expect(series.read(OF, topology)(mine)).to.deep.equal([{ labels: { container: 'chaos-app-1' }, value: 3 }]);
    expect(series.read(OF, topology)(other)).to.deep.equal([]);
    const all = series.read(undefined, topology);
    const lines = [mine, other].flatMap((event) => all(event)).map(({ labels }) => labels?.['script']);
    expect(lines).to.deep.equal([OF, 'app: echo 9']);
    expect(all(said('open_files', 'chaos-app-1', 3))).to.deep.equal([]);
  });

  it('refers to its service, and refuses a text without a service or without a script', () => {
    expect(series.of?.refers?.(OF)).to.deep.equal({ server: 'app' });
    expect(series.of?.schema.safeParse('ls /tmp').success).to.equal(false);
    expect(series.of?.schema.safeParse('app: ').success).to.equal(false);
    expect(series.of?.schema.safeParse('app:\nfor x in 1; do\n echo 1\ndone').success).to.equal(true);
  });
});
