import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { EndpointSpec } from '../../../../harness/core/load/load.ts';
import { readWorkload } from '../../../../harness/plan/load/workload.ts';

function endpointOf(...lines: readonly string[]): EndpointSpec {
  const file = join(mkdtempSync(join(tmpdir(), 'workload-')), 'load.yaml');
  const more = lines.map((line) => `        ${line}\n`).join('');
  writeFileSync(
    file,
    `name: w\nscenarios:\n  - name: s\n    weight: 1\n    endpoints:\n      - method: POST\n        frequency: 1\n${more}`,
  );
  const workload = readWorkload(file, 'unaudited');
  if (!('scenarios' in workload)) throw new Error(JSON.stringify(workload));
  const [endpoint] = workload.scenarios.flatMap(({ endpoints }) => endpoints);
  if (endpoint === undefined) throw new Error('there is no endpoint');
  return endpoint;
}

describe('the body of a workload', () => {
  for (const [written, json] of [
    ['{ id: 9007199254740993 }', '{"id":9007199254740993}'],
    ['{ price: 1.10, small: 1e-400, big: 1E400, minus: -0 }', '{"price":1.10,"small":1e-400,"big":1E400,"minus":-0}'],
    ['{ hex: 0xff, plus: +5, half: .5 }', '{"hex":255,"plus":5,"half":0.5}'],
    ['{ 2: x, 1: y }', '{"2":"x","1":"y"}'],
    ['[true, null, ~, "9007199254740993", 1.0]', '[true,null,null,"9007199254740993",1.0]'],
    ['[&a { n: 18446744073709551616 }, *a]', '[{"n":18446744073709551616},{"n":18446744073709551616}]'],
    ['"\\u00e9 \\" \\\\ \\n"', JSON.stringify('é " \\ \n')],
    ['12345678901234567890', '12345678901234567890'],
  ] as const) {
    it(`is sent with the digits that the file has: ${written} (case C6)`, () => {
      expect(endpointOf('path: /', `body: ${written}`).body).to.equal(json);
    });
  }

  it('is found behind an alias, and is absent when the file has none (case C6)', () => {
    expect(endpointOf('path: /', 'query: &q { n: 9007199254740993 }', 'body: *q')).to.deep.include({
      body: '{"n":9007199254740993}',
      query: { n: '9007199254740993' },
    });
    expect(endpointOf('path: /').body).to.equal(undefined);
  });

  it('stands beside a path and a query that are sent as the file has them (cases C6, C8, C9)', () => {
    const { path, query } = endpointOf(
      'path: \'//a/../{{int 1 9}}/{b}?c="d"\'',
      'query: { price: 1.10, id: 18446744073709551616, on: "true" }',
    );
    expect(path).to.equal('//a/../{{int 1 9}}/{b}?c="d"');
    expect(query).to.deep.equal({ price: '1.10', id: '18446744073709551616', on: 'true' });
  });
});
