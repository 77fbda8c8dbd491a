import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { parse } from 'yaml';
import { z } from 'zod';
import { byKind, type Explanation, explanations, named } from '../../harness/commands/common/explanations.ts';
import { kindsOf } from '../../harness/plan/index.ts';
import { probes } from '../../harness/probes/index.ts';
import { protocols } from '../../harness/protocols/index.ts';
import { roleSources } from '../../harness/roles/index.ts';
import { ROOT } from '../helpers/chaos.ts';
import { known } from '../helpers/known.ts';

const { faults, checks } = known;
const all = explanations({ ...known, probes, protocols, roleSources });
const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(ROOT, folder)).flatMap((file) =>
    file.endsWith(ending) && file !== `index${ending}` ? [file.slice(0, -ending.length)] : [],
  );
const one = (kind: Explanation['kind'], name: string): Explanation => {
  const found = named(all, name).filter((e) => e.kind === kind);
  expect(found, `${kind} ${name}`).to.have.lengthOf(1);
  return found[0]!;
};

describe('chaos explain', () => {
  it('has each name only once within a kind, and a summary for each name', () => {
    const keys = all.map(({ kind, name }) => `${kind} ${name}`);
    expect(new Set(keys).size).to.equal(keys.length);
    for (const { kind, name, summary } of all) expect(summary, `${kind} ${name}`).to.match(/^[A-Za-z"`].+\S$/s);
    expect(byKind(all).flatMap(([, entries]) => entries)).to.have.members(all);
  });

  for (const fault of faults) {
    it(`explains the fault ${fault.name}: its parameters, example, undo, proof and page`, () => {
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

  it('explains every file that is a fault, a check or a probe', () => {
    for (const name of filesIn('harness/faults', '.ts')) one('fault', name);
    const kinds = (kind: Explanation['kind']): string[] => all.flatMap((e) => (e.kind === kind ? [e.name] : []));
    expect(filesIn('harness/checks', '.ts')).to.have.members(kinds('check'));
    for (const probe of kinds('probe')) expect(filesIn('harness/probes', '.ts')).to.include(probe);
    expect(kinds('probe')).to.have.lengthOf(probes.length);
  });

  for (const check of checks) {
    it(`explains the check ${check.name}: its parameters and an example`, () => {
      const told = one('check', check.name);
      const written = check.params instanceof z.ZodPipe ? check.params.in : check.params;
      const shape = Object.keys((written as unknown as { shape: object }).shape);
      expect(told.parameters?.map((p) => p.name)).to.include.members(shape);
      expect(parse(told.example ?? '')).to.deep.equal({ hypotheses: [{ [check.name]: check.example }] });
    });
  }

  it('explains every stop condition, with a valid example', () => {
    const { stop } = kindsOf(known);
    for (const { name } of checks.filter(({ stopIf }) => stopIf !== undefined)) {
      const told = one('stop condition', name);
      expect(told.summary, 'a sentence of its own').to.match(/^Ends the run /);
      expect(told.parameters?.map((p) => p.name)).to.include('for');
      const { stop_if: items } = parse(told.example ?? '') as { stop_if: unknown[] };
      expect(stop.safeParse(items[0]).error?.issues ?? [], name).to.deep.equal([]);
    }
  });

  it('explains every step, with a valid example', () => {
    const { steps, step } = kindsOf(known);
    // The names of the faults are the forms of the step `fault`.
    const kinds = filesIn('harness/steps', '.ts').filter((name) => name !== 'fault');
    expect(steps.map((s) => s.name)).to.have.members(kinds);
    for (const { name } of steps) {
      const { faults: items } = parse(one('step', name).example ?? '') as { faults: unknown[] };
      expect(step.safeParse(items[0]).error?.issues ?? [], name).to.deep.equal([]);
      expect(faults.map((f) => f.name)).not.to.include(name);
    }
  });

  it('has a row for every step and every condition of a wait in experiments/README.md', () => {
    const page = readFileSync(join(ROOT, 'experiments', 'README.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name = '']) => name);
    const names = ['harness/steps', 'harness/steps/wait'].flatMap((folder) => filesIn(folder, '.ts'));
    expect(rows).to.include.members(names.filter((name) => name !== 'fault'));
  });

  it('knows each step by a key that no other kind of step has', () => {
    const keys = known.steps.map(({ key }) => key);
    expect(new Set(keys).size, keys.join(', ')).to.equal(keys.length);
  });

  it('explains every controller, with a valid example', () => {
    const { controller } = kindsOf(known);
    for (const name of filesIn('harness/controllers', '.ts')) {
      const { controllers: items } = parse(one('controller', name).example ?? '') as { controllers: unknown[] };
      expect(controller.safeParse(items[0]).error?.issues ?? [], name).to.deep.equal([]);
    }
  });

  it('says of every word of a scaler what to look at and what to change', () => {
    const words = all.filter(({ kind }) => kind === 'scaling reason' || kind === 'scaling clamp');
    expect(words).to.have.lengthOf.at.least(14);
    for (const { name, page = '', summary } of words) {
      expect(page, name).to.match(/^\*\*Look at:\*\* \S.*\n\n→ \S.*[.]$/);
      expect(summary, name).to.match(/\.$/);
    }
    const names = words.map(({ name }) => name);
    for (const [, name = ''] of readFileSync(join(ROOT, 'docs', 'scaling.md'), 'utf8').matchAll(/\(`(\w+_\w+)`/g))
      expect(names, 'docs/scaling.md names it').to.include(name);
  });

  it('shows the page of every error code that has one', () => {
    const codes = filesIn('runbooks/errors', '.md');
    expect(codes).to.have.lengthOf.at.least(70);
    for (const code of codes) {
      const { page = '' } = one('error', code);
      expect(readFileSync(join(ROOT, 'runbooks', 'errors', `${code}.md`), 'utf8')).to.include(page);
      expect(page).to.include('→ ');
    }
  });

  it('gives every verdict the exit codes that the README lists', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    for (const { name, exit_codes: codes = [] } of all.filter((e) => e.kind === 'verdict' && e.name !== 'ERROR')) {
      const listed = new RegExp(`\\| ${name}\\b[^|]*\\| ${codes.join(', ')} `, 'i');
      expect(readme, name).to.match(listed);
    }
  });
});
