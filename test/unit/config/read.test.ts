import { expect } from 'chai';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { configFile, readConfig } from '../../../harness/config/read.ts';
import { ROOT } from '../../helpers/chaos.ts';

const TAKEN = {
  faults: ['kill'],
  figures: ['latency', 'cpu'],
  reporters: ['html'],
  files: ['run.json', 'report.html'],
};
const CHAOS = `import { defineConfig, defineFault, defineReporter, defineSeries, z } from '${ROOT}/index.ts';\n`;

function written(text: string, name = 'chaos.config.ts'): string {
  const file = join(mkdtempSync(join(tmpdir(), 'config-')), name);
  writeFileSync(file, text);
  return file;
}

interface Refused {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly file: string;
  readonly line: number | undefined;
}

async function refused(file: string): Promise<Refused> {
  const error: unknown = await readConfig(file, TAKEN).catch((thrown: unknown) => thrown);
  expect(error).to.include({ code: 'CHAOS_CONFIG', exit: 'bad-input', file });
  return error as Refused;
}

const series = (over: string): string =>
  `${CHAOS}const own = {\n  name: 'answered',\n  summary: 'A figure.',\n  unit: 'count',\n  everyMs: 1_000,\n` +
  `  example: { above: 1 },\n  read: () => () => [],\n  ${over}\n};\nexport default { series: [own] };\n`;

describe('a config file', function () {
  // Another Node looks for the place of a syntax error.
  this.timeout(20_000);

  it('gives the things that it defines', async () => {
    const text = `${CHAOS}export default defineConfig({ reporters: [defineReporter({ name: 'one', file: 'one.txt', render: () => '' })] });\n`;
    const { reporters, faults } = await readConfig(written(text), TAKEN);
    expect(reporters.map(({ name }) => name)).to.deep.equal(['one']);
    expect(faults).to.deep.equal([]);
  });

  it('adds nothing when there is none', async () => {
    expect(await readConfig(undefined, TAKEN)).to.deep.include({ faults: [], checks: [], series: [], reporters: [] });
  });

  it('is looked for beside the first compose file, then in the working folder', () => {
    const near = written('', 'chaos.config.mjs');
    const here = written('', 'chaos.config.js');
    const compose = join(near, '..', 'compose.yml');
    expect(configFile([compose], join(here, '..'))).to.equal(near);
    expect(configFile([], join(here, '..'))).to.equal(here);
    const empty = mkdtempSync(join(tmpdir(), 'config-'));
    expect(configFile([join(empty, 'compose.yml')], join(here, '..'))).to.equal(here);
    expect(configFile([], empty)).to.equal(undefined);
  });

  it('that throws is named with the line that threw, and the cause', async () => {
    const { line, message } = await refused(
      written(`const a = 1;\nfunction f() {\n  throw new Error('no such stage');\n}\nf();\n`),
    );
    expect(line).to.equal(3);
    expect(message).to.equal('the config cannot be loaded');
  });

  it('whose helper throws is named with the line of the helper', async () => {
    const file = written(`import './faults/own.ts';\nexport default {};\n`);
    mkdirSync(join(file, '..', 'faults'));
    const helper = join(file, '..', 'faults', 'own.ts');
    writeFileSync(helper, `\nthrow new Error('no');\n`);
    const error: unknown = await readConfig(file, TAKEN).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'CHAOS_CONFIG', file: helper, line: 2 });
  });

  it('with a mistake of syntax is named with its line', async () => {
    expect((await refused(written(`export default {};\nconst = 1;\n`, 'chaos.config.mjs'))).line).to.equal(2);
  });

  it('without a default export is refused, with an example', async () => {
    const { message, hint } = await refused(written('export const faults = [];\n'));
    expect(message).to.include('no default export');
    expect(hint).to.include('export default defineConfig(');
  });

  for (const [what, over, said, hint] of [
    ['a name that ships', `name: 'cpu',`, 'this version has a thing of this name', 'another name'],
    ['a name with capitals', `name: 'Answered',`, 'no name that can be used', 'open_files'],
    ['an unknown unit', `unit: 'counts',`, 'no unit "counts"', 'Did you mean "count"?'],
    ['no function', `read: 1,`, 'no function "read"', 'defineSeries'],
    ['no limit in its example', `example: {},`, 'no limit', 'above'],
  ] as const) {
    it(`with a series that has ${what} is refused at the line of the series or the export`, async () => {
      const refusal = await refused(written(series(over)));
      expect(refusal.message).to.include('series[0]').and.include(said);
      expect(refusal.hint).to.include(hint);
      expect(refusal.line).to.be.a('number');
    });
  }

  it('names the line on which the refused thing has its name', async () => {
    expect((await refused(written(series(`unit: 'counts',`)))).line).to.equal(3);
  });

  it('with a fault whose schema refuses its own example is refused', async () => {
    const fault =
      `defineFault({ name: 'own', summary: 'A fault.', params: z.strictObject({ service: z.string() }), example: { servce: 'app' },` +
      ` aims: () => ({}), undoes: () => 'x', observers: () => [], inject: async () => [], prove: () => ({ effective: 'effective', evidence: '' }) })`;
    const { message } = await refused(written(`${CHAOS}export default defineConfig({ faults: [${fault}] });\n`));
    expect(message).to.match(/^faults\[0\] "own": "params" refuses the example/);
  });

  it('with a fault that defineFault did not make is refused', async () => {
    const fault = `{ name: 'own', aims() {}, undoes() {}, observers() {}, inject() {}, prove() {} }`;
    expect((await refused(written(`export default { faults: [${fault}] };\n`))).message).to.include('defineFault');
  });

  it('with two things of one name is refused', async () => {
    const reporter = (file: string): string => `defineReporter({ name: 'one', file: '${file}', render: () => '' })`;
    const text = `${CHAOS}export default defineConfig({ reporters: [${reporter('a.txt')}, ${reporter('b.txt')}] });\n`;
    expect((await refused(written(text))).message).to.equal('two things are named "one"');
  });

  it('with a reporter that writes a file of the record is refused', async () => {
    const text = `${CHAOS}export default { reporters: [defineReporter({ name: 'one', file: 'run.json', render: () => '' })] };\n`;
    expect((await refused(written(text))).message).to.include('run.json is a file of every run');
  });

  it('with an unknown key is refused, with the key that was meant', async () => {
    expect((await refused(written('export default { fault: [] };\n'))).hint).to.equal('Did you mean "faults"?');
  });
});
