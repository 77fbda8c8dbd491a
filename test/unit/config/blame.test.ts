import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { readConfig } from '../../../harness/config/read.ts';
import type { ChaosError } from '../../../harness/core/errors.ts';
import { SPEC } from '../../helpers/doubles/topology.ts';
import { ROOT } from '../../helpers/chaos.ts';

const TEXT = `import { ChaosError, defineFault, defineReporter, defineSeries, z } from '${ROOT}/index.ts';
export default {
  faults: [
    defineFault({
      name: 'own', summary: 'A fault.', params: z.strictObject({ how: z.string() }), example: { how: 'well' },
      aims: () => ({}), undoes: () => 'nothing',
      observers: ({ how }) => {
        if (how === 'badly') throw new TypeError('no such observer');
        throw new ChaosError('CHAOS_NO_TARGET', { what: 'nothing to hit', hint: 'Look.', exit: 'not-ready' });
      },
      inject: async () => { throw new TypeError('no such tool'); },
      prove: () => ({ effective: 'effective', evidence: 'it was there' }),
    }),
  ],
  series: [
    defineSeries({
      name: 'answered', summary: 'A figure.', unit: 'count', everyMs: 1_000, example: { above: 1 },
      read: () => () => { throw new TypeError('no such event'); },
    }),
  ],
};
`;

function thrown(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

describe('a thing of a config that throws', () => {
  async function own() {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'chaos.config.ts');
    writeFileSync(file, TEXT);
    const { faults, series } = await readConfig(file, { faults: [], figures: [], reporters: [], files: [] });
    const [fault] = faults;
    const [figure] = series;
    if (fault === undefined || figure === undefined) throw new Error('the config is not whole');
    return { file, fault, figure };
  }

  it('is named with its function, file and line, and the error is the cause', async () => {
    const { file, fault } = await own();
    const error = thrown(() => fault.bind({ how: 'badly' }).observers(SPEC));
    expect(error).to.include({
      code: 'CHAOS_CONFIG',
      message: 'the fault "own" of the config threw in observers',
      file,
      line: 8,
    });
    expect((error as ChaosError).cause).to.include({ message: 'no such observer' });
  });

  it('is named when its promise rejects, and when a function that it returned throws', async () => {
    const { file, fault, figure } = await own();
    const injecting = fault.bind({ how: 'well' }).inject({} as never);
    expect(await injecting.catch((error: unknown) => error)).to.include({ code: 'CHAOS_CONFIG', file, line: 11 });
    const read = figure.read(undefined, SPEC);
    const event = { t: 0, kind: 'note', message: '' } as const;
    expect(thrown(() => read(event))).to.include({ message: 'the series "answered" of the config threw in read' });
  });

  it('passes an error of the harness on, and all that is no error', async () => {
    const { fault } = await own();
    const bound = fault.bind({ how: 'well' });
    expect(thrown(() => bound.observers(SPEC))).to.include({ code: 'CHAOS_NO_TARGET' });
    expect(bound.undoes).to.equal('nothing');
    expect(bound.prove({} as never)).to.deep.equal({ effective: 'effective', evidence: 'it was there' });
    expect(fault.params.parse({ how: 'well' })).to.deep.equal({ how: 'well' });
  });
});
