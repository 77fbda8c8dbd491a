import { expect } from 'chai';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { peakRate } from '../../../harness/core/load/arrivals.ts';
import { parse } from 'yaml';
import type { Plan } from '../../../harness/core/plan/plan.ts';
import type { ReadResult } from '../../../harness/plan/index.ts';
import { ROOT } from '../../helpers/chaos.ts';
import { known } from '../../helpers/known.ts';
import { mutant } from './mutate.ts';
import { BROKEN, read } from './read.ts';

const COUNT = 2_000;
const EXPERIMENTS = join(ROOT, 'experiments');

/** The smallest topology with every name that the shipped experiments use. Only the experiments are mutated. */
const COMPOSE = `name: small
x-chaos:
  { entry: 'http://127.0.0.1:1', ready: /health, toxiproxy: 'http://127.0.0.1:2', database: 'postgres://127.0.0.1:3/x',
    redis: 'redis://127.0.0.1:4', reset: select 1, groups: { postgres: [postgres-a, postgres-b] },
    links: { app-to-primary: { from: app, to: postgres, proxy: p, listen: 'toxiproxy:1' },
      app-to-redis: { from: app, to: redis, proxy: r, listen: 'toxiproxy:2' } } }
services: { app: { image: a, scale: 3 }, redis: { image: r }, postgres-a: { image: p }, postgres-b: { image: p } }
`;

type Fields = Pick<Plan, 'title' | 'tags' | 'seed' | 'phases' | 'faults'> & {
  readonly rate: number;
  readonly hypotheses: readonly (readonly [check: string, params: unknown])[];
};

const fieldsOf = ({ title, tags, seed, phases, faults, load, hypotheses }: Plan): Fields => ({
  title,
  tags,
  seed,
  phases,
  faults,
  rate: peakRate(load.arrivals),
  hypotheses: hypotheses.map(({ check, params }) => [check, params]),
});

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, '%': 0.01 };

/** Returns a quantity as a number: milliseconds, or a share from 0 to 1. Returns any other value unchanged. */
function quantity(value: unknown): unknown {
  const unit = typeof value === 'string' ? /^[\d.]+(ms|s|m|h|%)$/.exec(value)?.[1] : undefined;
  return unit === undefined ? value : Number.parseFloat(value as string) * (UNITS[unit] ?? NaN);
}

type Map = Readonly<Record<string, unknown>>;
const quantities = (map: Map): Map =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, quantity(value)]));
const only = (item: Map): [string, Map] => Object.entries(item)[0] as [string, Map];

interface Numbering {
  /** How many faults, and how many waits, come before. A repeat counts its steps once, and not once for each round. */
  faults: number;
  waits: number;
}

/** The steps as a person would read them. `rounds` ends the ids of repeated steps: ".2" in the second round. */
function plainSteps(items: readonly Map[], numbers: Numbering, rounds = ''): unknown[] {
  return items.map((item) => {
    const [name, held] = only(item);
    if (name === 'sequence' || name === 'parallel')
      return { [name]: plainSteps(held as unknown as Map[], numbers, rounds) };
    if (name === 'repeat') {
      const { times, every = '0s', steps } = held as { times: number; every?: string; steps: Map[] };
      const before = { ...numbers };
      const round = (i: number): unknown => ({
        sequence: plainSteps(steps, Object.assign(numbers, before), `${rounds}.${i + 1}`),
      });
      return { rounds: Array.from({ length: times }, (_, i) => round(i)), every: quantity(every) };
    }
    const goesOn = held['continue_on_failure'] === true ? { continueOnFailure: true } : {};
    if (name === 'wait') {
      const { within = '30s', role, http, sql, command } = held as Readonly<Record<string, Map | undefined>>;
      const equals = sql === undefined ? undefined : { equals: String((sql['equals'] as string | undefined) ?? true) };
      const wait =
        role !== undefined
          ? { role }
          : http !== undefined
            ? { http: { status: 200, ...http } }
            : sql !== undefined
              ? { sql: { ...sql, ...equals } }
              : { command: { replica: 1, ...command } };
      return { id: `wait-${(numbers.waits += 1)}${rounds}`, wait, within: quantity(within), ...goesOn };
    }
    const { at = '0s', for: lasts, continue_on_failure: _, ...params } = held;
    const timing = { at: quantity(at), for: quantity(lasts), ...goesOn };
    const unsaid = name === 'latency' ? { direction: 'down' } : {};
    const said = quantities({ ...unsaid, ...params });
    return { id: `${name}-${(numbers.faults += 1)}${rounds}`, fault: name, params: said, ...timing };
  });
}

/** The same fields by a plain reading: what the YAML says, with the documented defaults. */
function plainly(text: string): Fields {
  const {
    title,
    tags = [],
    seed = 42,
    load,
    phases,
    faults,
    hypotheses,
  } = parse(text, { logLevel: 'error' }) as {
    readonly title: string;
    readonly tags?: string[];
    readonly seed?: number;
    readonly load: { readonly rate: string };
    readonly phases: Map;
    readonly faults: Map[];
    readonly hypotheses: Map[];
  };
  const [amount = '', per = ''] = load.rate.split('/');
  const perS = { s: 1, min: 1 / 60, h: 1 / 3_600 }[per] ?? NaN;
  return {
    title,
    tags,
    seed,
    phases: quantities({ warmup: '5s', heal: '60s', ...phases }) as Plan['phases'],
    faults: plainSteps(faults, { faults: 0, waits: 0 }) as Plan['faults'],
    rate: Number(amount) * perS,
    hypotheses: hypotheses.map((item) => {
      const [check, params] = only(item);
      const phased = known.checks.find(({ name }) => name === check)?.inPhase !== undefined;
      return [check, quantities(phased ? { during: ['baseline', 'recovery'], ...params } : params)];
    }),
  };
}

/** Rounds every number to 12 digits: two ways to compute a number may differ in the last bits. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, v: unknown) => (typeof v === 'number' ? Number(v.toPrecision(12)) : v)));

function expectPlaces({ problems }: ReadResult, file: string, text: string, label: string): void {
  const lines = text.split('\n');
  expect(problems, label).not.to.have.lengthOf(0);
  for (const problem of problems) {
    const { line = 0, column = 0 } = problem;
    const told = `${label}: ${JSON.stringify(problem)}`;
    expect(problem.file, told).to.equal(file);
    expect(problem.code, told).to.match(/^CHAOS_[A-Z0-9_]+$/);
    expect(problem.hint, told).to.match(/\S/);
    if (problem.code === 'CHAOS_FILE_TOO_LARGE') continue;
    expect(line, told).to.be.within(1, lines.length);
    expect(column, told).to.be.within(1, (lines[line - 1] ?? '').length + 1);
  }
}

describe('mutated experiments', function () {
  // This only guards against a hang: the mutants take some seconds.
  this.timeout(60_000);

  it(`are each refused with the place of a mistake, or read as their YAML says (${COUNT} of them)`, () => {
    const root = mkdtempSync(join(tmpdir(), 'mutations-'));
    mkdirSync(join(root, 'experiments', 'workloads'), { recursive: true });
    copyFileSync(join(BROKEN, 'workload.yaml'), join(root, 'experiments', 'workloads', 'saturday.yaml'));
    writeFileSync(join(root, 'docker-compose.chaos.yml'), COMPOSE);
    const names = readdirSync(EXPERIMENTS)
      .filter((f) => f.endsWith('.yaml'))
      .sort();
    // The plain reading below knows loads of one rate, and no controllers.
    const texts = names
      .map((name) => readFileSync(join(EXPERIMENTS, name), 'utf8'))
      .filter((text) => /\brate: 278\/s/.test(text) && !text.includes('controllers:'));
    expect(texts).to.have.lengthOf.at.least(8);
    const file = join(root, 'experiments', 'mutant.yaml');
    let accepted = 0;
    for (let number = 0; number < COUNT; number += 1) {
      const { text, how } = mutant(number, texts);
      const label = `mutant ${number} (${how})`;
      writeFileSync(file, text);
      const result = read(file);
      if (result.plan === undefined) expectPlaces(result, file, text, label);
      else {
        accepted += 1;
        expect(rounded(fieldsOf(result.plan)), label).to.deep.equal(rounded(plainly(text)));
      }
    }
    // Both outcomes must be frequent, so that neither assertion above is idle.
    expect(accepted).to.be.within(COUNT * 0.1, COUNT * 0.9);
  });
});
