import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { parse } from 'yaml';
import { checks } from '../../harness/checks/index.ts';
import { byKind, type Explanation, explanations, named } from '../../harness/commands/explanations.ts';
import { faults } from '../../harness/faults/index.ts';
import { metrics } from '../../harness/metrics/index.ts';
import { kindsOf } from '../../harness/plan/index.ts';
import { probes } from '../../harness/probes/index.ts';
import { ROOT } from '../helpers/chaos.ts';

const all = explanations({ faults, checks, metrics, probes });
const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(ROOT, folder)).flatMap((file) =>
    file.endsWith(ending) && file !== `index${ending}` ? [file.slice(0, -ending.length)] : [],
  );
const one = (kind: Explanation['kind'], name: string): Explanation => {
  const found = named(all, name).filter((e) => e.kind === kind);
  expect(found, `${kind} ${name}`).to.have.lengthOf(1);
  return found[0]!;
};

describe('what chaos explain has to say', () => {
  it('every name is of one kind once, and has one sentence', () => {
    const keys = all.map(({ kind, name }) => `${kind} ${name}`);
    expect(new Set(keys).size).to.equal(keys.length);
    for (const { kind, name, summary } of all) expect(summary, `${kind} ${name}`).to.match(/^[A-Za-z"`].+\S$/s);
    expect(byKind(all).flatMap(([, entries]) => entries)).to.have.members(all);
  });

  for (const fault of faults) {
    it(`the fault ${fault.name}: parameters, example, undo, proof and page`, () => {
      const told = one('fault', fault.name);
      const shape = Object.keys((fault.params as unknown as { shape: object }).shape);
      expect(told.parameters?.map((p) => p.name)).to.include.members([...shape, 'at', 'for', 'continue_on_failure']);
      expect(parse(told.example ?? '')).to.deep.equal({ faults: [{ [fault.name]: fault.example }] });
      expect(told.undo).to.match(/\S/);
      expect(told.proof, 'the page says by what it is known that it bit').to.match(/\S/);
      expect(told.page).to.equal(
        readFileSync(join(ROOT, 'runbooks', 'faults', `${fault.name}.md`), 'utf8')
          .replace(/^# .*\n+/, '')
          .trim(),
      );
      expect(told.requires ?? []).to.deep.equal(fault.requires ?? []);
    });
  }

  it('every file that is a fault, a check or a probe', () => {
    for (const name of filesIn('harness/faults', '.ts')) one('fault', name);
    const kinds = (kind: Explanation['kind']): string[] => all.flatMap((e) => (e.kind === kind ? [e.name] : []));
    expect(filesIn('harness/checks', '.ts').filter((f) => f !== 'selection' && !f.includes('-'))).to.have.members(
      kinds('check'),
    );
    for (const probe of kinds('probe')) expect(filesIn('harness/probes', '.ts')).to.include(probe);
    expect(kinds('probe')).to.have.lengthOf(probes.length);
  });

  for (const check of checks) {
    it(`the check ${check.name}: parameters with what they default to, and an example`, () => {
      const told = one('check', check.name);
      const shape = Object.keys((check.params as unknown as { shape: object }).shape);
      expect(told.parameters?.map((p) => p.name)).to.include.members(shape);
      expect(parse(told.example ?? '')).to.deep.equal({ hypotheses: [{ [check.name]: check.example }] });
    });
  }

  it('every metric is a stop condition, with an example that is one', () => {
    const { stop } = kindsOf(faults, checks, metrics);
    for (const { name } of metrics) {
      const told = one('stop condition', name);
      expect(told.parameters?.map((p) => p.name)).to.include.members(['above', 'below', 'for']);
      const { stop_if: items } = parse(told.example ?? '') as { stop_if: unknown[] };
      expect(stop.safeParse(items[0]).error?.issues ?? [], name).to.deep.equal([]);
      expect(
        checks.map((check) => check.name),
        'a check and a metric share no key',
      ).not.to.include(name);
    }
  });

  it('every step, with an example that is one', () => {
    const { steps, step } = kindsOf(faults, checks, metrics);
    expect(steps.map((s) => s.name)).to.deep.equal(['sequence', 'parallel', 'repeat', 'wait']);
    for (const { name } of steps) {
      const { faults: items } = parse(one('step', name).example ?? '') as { faults: unknown[] };
      expect(step.safeParse(items[0]).error?.issues ?? [], name).to.deep.equal([]);
      expect(faults.map((f) => f.name)).not.to.include(name);
    }
  });

  it('every error code that has a page, and its page', () => {
    const codes = filesIn('runbooks/errors', '.md');
    expect(codes).to.have.lengthOf.at.least(70);
    for (const code of codes) {
      const { page = '' } = one('error', code);
      expect(readFileSync(join(ROOT, 'runbooks', 'errors', `${code}.md`), 'utf8')).to.include(page);
      expect(page).to.include('→ ');
    }
  });

  it('every verdict, with the exit codes of the README', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    for (const { name, exit_codes: codes = [] } of all.filter((e) => e.kind === 'verdict' && e.name !== 'ERROR')) {
      const listed = new RegExp(`\\| ${name}\\b[^|]*\\| ${codes.join(', ')} `, 'i');
      expect(readme, name).to.match(listed);
    }
  });
});
