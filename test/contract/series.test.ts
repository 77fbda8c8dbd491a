import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { parse } from 'yaml';
import { explanations } from '../../harness/commands/common/explanations.ts';
import { lineOf, type Series } from '../../harness/core/kinds/series.ts';
import type { RunEvent } from '../../harness/core/record/events.ts';
import type { TopologySpec } from '../../harness/core/topology/spec.ts';
import { UNITS } from '../../harness/core/units.ts';
import { experimentSchema, kindsOf } from '../../harness/plan/index.ts';
import { probes } from '../../harness/probes/index.ts';
import { protocols } from '../../harness/protocols/index.ts';
import { roleSources } from '../../harness/roles/index.ts';
import { editorRules } from '../../harness/kit/series/editor.ts';
import { ROOT } from '../helpers/chaos.ts';
import { known } from '../helpers/known.ts';
import { SMALL_PLAN } from '../helpers/samples/history.ts';
import { wholeRecord } from '../helpers/samples/whole-record.ts';

const { checks, series } = known;
const { topology: SPEC } = SMALL_PLAN;
const events = wholeRecord();

interface Rule {
  readonly if: { readonly properties: { readonly name: { readonly enum: readonly string[] } } };
  readonly then: {
    readonly properties?: { readonly above?: { readonly type?: string; readonly pattern?: string } };
    readonly required?: readonly string[];
  };
}

/** Every reading with the number of its event. */
const readAll = (one: Series, of: string | undefined, seen: readonly RunEvent[], spec: TopologySpec = SPEC) => {
  const read = one.read(of, spec);
  return seen.flatMap((event, i) => read(event).map((reading) => ({ ...reading, i })));
};

describe('every series', () => {
  const shapes = kindsOf(known);
  const explained = explanations({ ...known, probes, protocols, roleSources });

  it('is a file of the folder with its name, and every file there is a series', () => {
    const files = readdirSync(join(ROOT, 'harness', 'series')).filter((file) => file !== 'index.ts');
    expect(series.map(({ name }) => `${name}.ts`)).to.have.members(files);
  });

  it('is told to editors by its name, in each form', () => {
    const text = JSON.stringify(experimentSchema(known));
    const names = JSON.stringify(series.map(({ name }) => name));
    expect(text.split(`"enum":${names}`), 'hypotheses, stop_if, charts').to.have.length.of.at.least(4);
  });

  it('is checked by editors too: the limit in its unit, and `of` where it has a meaning', () => {
    const { allOf } = editorRules(series, true) as { readonly allOf: readonly Rule[] };
    const of = (name: string) =>
      allOf.filter((rule) => rule.if.properties.name.enum.includes(name)).map(({ then }) => then);
    for (const { name, of: selection, example, in: any } of series) {
      // A limit of any unit has no rule.
      const [limit, ofRule, ...more] = any === undefined ? of(name) : [undefined, ...of(name)];
      expect(more, name).to.deep.equal([]);
      expect(ofRule, name).to.deep.equal(
        selection === undefined ? { properties: { of: false } } : { required: ['of'] },
      );
      if (any !== undefined) continue;
      const { type, pattern = '' } = limit?.properties?.above ?? {};
      const written = example.above ?? example.below;
      expect(type, name).to.equal(typeof written);
      expect(String(written), name).to.match(new RegExp(pattern));
    }
    expect(JSON.stringify(experimentSchema(known))).to.include(JSON.stringify(allOf));
  });

  for (const one of series) {
    describe(one.name, () => {
      it('has a summary, a unit, an interval, and an example that is accepted in each form', () => {
        expect(one.summary).to.match(/^[A-Z].+\.$/);
        expect(UNITS).to.have.property(one.unit);
        expect(one.everyMs).to.be.within(100, 60_000);
        const told = explained.filter(({ kind, name }) => kind === 'series' && name === one.name);
        expect(told).to.have.lengthOf(1);
        const lists = parse(told[0]?.example ?? '') as Readonly<Record<string, readonly unknown[]>>;
        const forms = { hypotheses: shapes.hypothesis, stop_if: shapes.stop, charts: shapes.chart };
        expect(Object.keys(lists)).to.have.members(Object.keys(forms));
        for (const [list, shape] of Object.entries(forms))
          for (const item of lists[list] ?? []) expect(shape.safeParse(item).error?.issues, list).to.equal(undefined);
        expect(checks.map((check) => check.name)).not.to.include(one.name);
      });

      it('reads finite values from the sample record, and of every prefix a prefix of them', () => {
        const all = readAll(one, one.example.of, events);
        const every = readAll(one, undefined, events);
        expect(all, 'readings').not.to.have.lengthOf(0);
        expect(every.length, 'without `of` it reads at least as many lines').to.be.at.least(all.length);
        for (const { value, labels = {} } of [...all, ...every]) {
          expect(value).to.satisfy(Number.isFinite);
          for (const label of Object.values(labels)) expect(label).to.match(/\S/);
        }
        if (one.of !== undefined) expect(every.map(lineOf), 'each line has a name').not.to.include('');
        for (let length = 0; length <= events.length; length += 97) {
          const seen = readAll(one, one.example.of, events.slice(0, length));
          expect(seen).to.deep.equal(all.filter(({ i }) => i < length));
        }
      });

      it('says who measures it, when only a probe with parameters can', () => {
        const others = events.filter((event) => event.kind !== 'reading');
        if (readAll(one, undefined, others).length > 0) return;
        expect(Object.keys(one.needs?.(one.example.of, SPEC).probes ?? {}), 'write it in needs').not.to.deep.equal([]);
      });

      it('asks only for probes that exist', () => {
        const { probes: asked = {} } = one.needs?.(one.example.of, SPEC) ?? {};
        for (const [name, sets] of Object.entries(asked)) {
          const probe = probes.find((p) => p.name === name);
          for (const params of sets) expect(probe?.params?.safeParse(params).error?.issues, name).to.equal(undefined);
        }
      });
    });
  }
});
