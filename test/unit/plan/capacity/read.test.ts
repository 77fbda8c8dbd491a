import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { compose } from '../../../../harness/main.ts';
import { type CapacityRead, readCapacityFile, readExperiment } from '../../../../harness/plan/index.ts';
import { ROOT } from '../../../helpers/chaos.ts';
import { known } from '../../../helpers/known.ts';
import { temporaryFolder } from '../../../helpers/samples/folder.ts';

type Read = ReturnType<typeof readCapacityFile>;

const read = (file: string): Read =>
  readCapacityFile({
    file,
    env: process.env,
    compose,
    read: (options) => readExperiment({ ...known, ...options, compose }),
  });

const HEAD = `title: June
topology: ${join(ROOT, 'docker-compose.chaos.yml')}
workload: ${join(ROOT, 'experiments', 'workloads', 'saturday.yaml')}
`;

function readText(text: string): Read {
  const file = join(temporaryFolder(), 'june.yaml');
  writeFileSync(file, HEAD + text);
  return read(file);
}

const messages = (found: Read): string[] =>
  found === undefined || !('problems' in found)
    ? []
    : found.problems.map(({ line, code, message, hint }) => `${line ?? 0} ${code} ${message}. ${hint}`);

function whole(found: Read): CapacityRead {
  expect(messages(found)).to.deep.equal([]);
  if (found === undefined || 'problems' in found) throw new Error('Compose is missing');
  return found;
}

describe('reading a capacity file', function () {
  // A hang guard: Compose is asked for the topology.
  this.timeout(30_000);

  for (const name of readdirSync(join(ROOT, 'experiments', 'capacity')).filter((file) => file.endsWith('.yaml')))
    it(`finds no mistake in the shipped ${name}`, () => {
      const { asked, cells } = whole(read(join(ROOT, 'experiments', 'capacity', name)));
      expect(cells).to.have.lengthOf(asked.cells.length).above(0);
      expect(asked.mostMs).to.be.at.most(75 * 60_000);
    });

  it('makes a run of each cell, whose fault is held as long as its search may go on', () => {
    const { asked, cells, full } = whole(
      readText(`targets: { rate: 100/s, p95: 200ms, errors: 1% }
cells:
  - { without: app, keeps: 60% }
  - { without: postgres }
  - { without: redis, rate: 50/s }
  - { name: slow link, faults: [{ latency: { link: app-to-primary, latency: 50ms } }], keeps: 30% }
`),
    );
    expect(asked.cells.map(({ condition, faults }) => `${condition}: ${faults}`)).to.deep.equal([
      'without app: kill {"service":"app","replica":1}',
      'without postgres: kill {"service":"postgres","role":"standby"}',
      'without redis: kill {"service":"redis"}',
      'slow link: latency {"link":"app-to-primary","latency":50,"direction":"down"}',
    ]);
    expect(asked.targets.needs).to.deep.equal([
      { condition: 'full', ratePerS: 100 },
      { condition: 'without app', keeps: 0.6 },
      { condition: 'without postgres', ratePerS: 100 },
      { condition: 'without redis', ratePerS: 50 },
      { condition: 'slow link', keeps: 0.3 },
    ]);
    for (const { phases, topology } of cells) {
      expect(phases.warmup + phases.baseline + phases.fault + phases.recovery).to.equal(360_000);
      expect(topology.hops).to.equal(undefined);
    }
    expect(full.faults).to.deep.equal([]);
    expect(full.phases.baseline).to.be.above(asked.fullMs);
  });

  it('turns users into a rate, and classes into shares of it', () => {
    const { asked } = whole(
      readText(
        'targets: { users: 50000, p95: { reads: 200ms, GET /api/clients: 100ms, payment_processing: 1s }, errors: 0.1% }\n',
      ),
    );
    expect(asked.ratePerS).to.equal(6_325);
    expect(asked.users).to.equal(50_000);
    expect(asked.objective.p95Ms).to.equal(1_000);
    const shares = asked.objective.classes?.map(({ of, share }) => `${of} ${share.toFixed(3)}`);
    expect(shares).to.deep.equal(['reads 0.632', 'GET /api/clients 0.158', 'payment_processing 0.012']);
  });

  it('names each mistake with its place, and what to write instead', () => {
    const targets = 'targets: { rate: 100/s, p95: 200ms, errors: 1% }\n';
    const cases: readonly (readonly [text: string, message: RegExp])[] = [
      ['targets: { rate: 100/s, users: 3, p95: 200ms, errors: 1% }\n', /^4 .*either rate or users/],
      ['targets: { rate: 100/s, p95: { write: 200ms }, errors: 1% }\n', /^4 .*no requests of "write"/],
      ['targets: { rate: 100/s, p95: 9s, errors: 1% }\n', /timeout is not above the p95 of all/],
      ['targets: { rate: 3/s, p95: 200ms, errors: 1% }\n', /the wanted load is 3 requests a second/],
      ['targets: { rate: 100/s, p95: 200ms, errors: 1%, cpu: { ap: 90% } }\n', /^4 .*no service "ap"/],
      [`${targets}cells: [{ without: reader }]\n`, /^5 CHAOS_NO_TARGET without reader/],
      [`${targets}cells: [{ without: ap }]\n`, /^5 .*without ap: .*"ap"/],
      [`${targets}cells: [{ without: app }, { without: app }]\n`, /^5 .*the name of another condition/],
      [`${targets}cells: [{ name: x, without: app, faults: [] }]\n`, /^5 /],
      [
        `${targets}cells: [{ name: x, faults: [{ kill: { service: app, for: 5s } }] }]\n`,
        /^5 .*ends before the search does/,
      ],
      [`${targets}cell_for: 7m\n`, /^5 .*a cell takes from/],
      [`${targets}search: { for: 5s }\n`, /^5 .*a search takes/],
      [`${targets}waivers: [{ of: full, by: A, reason: b }]\n`, /^5 .*"full" is no cell/],
      [`${targets}waivers: [{ of: x, by: ' ', reason: b }]\n`, /^5 /],
      [`${targets}experiments: [nowhere.yaml]\n`, /^5 .*nowhere/],
      [`${targets}production_like: { by: Grace }\n`, /^5 CHAOS_MISSING_KEY/],
      [`${targets}cels: []\n`, /^5 CHAOS_UNKNOWN_KEY/],
    ];
    for (const [text, message] of cases) expect(messages(readText(text)).join('\n'), text).to.match(message);
  });
});
