import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Known } from '../../core/kinds/known.ts';
import type { Form } from '../../core/kinds/step.ts';
import type { Series } from '../../core/kinds/series.ts';
import { formatDuration } from '../../core/duration.ts';
import { EXIT_CODE } from '../../core/exits.ts';
import type { Fault } from '../../core/kinds/fault.ts';
import type { Probe } from '../../core/kinds/probe.ts';
import type { Protocol } from '../../core/kinds/protocol.ts';
import type { RoleSource } from '../../core/kinds/role-source.ts';
import { UNITS } from '../../core/units.ts';
import { VERDICTS } from '../../core/verdict.ts';
import { exampleYaml, type ExperimentList, kindsOf, type Parameter, parametersOf } from '../../plan/index.ts';
import { CLAMP_PAGES, REASON_PAGES, type ScalingPage } from './scaling-pages.ts';

const RUNBOOKS = new URL('../../../runbooks/', import.meta.url);
const KINDS = [
  'fault',
  'step',
  'check',
  'stop condition',
  'series',
  'controller',
  'scaling reason',
  'scaling clamp',
  'probe',
  'protocol',
  'roles',
  'verdict',
  'error',
] as const;

/** The kinds of names that are explained, in the order in which `chaos explain` lists them. */
export type ExplainedKind = (typeof KINDS)[number];

/** The explanation of one name. Keys that do not apply are absent. */
export interface Explanation {
  readonly kind: ExplainedKind;
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  /** YAML, as in an experiment file. */
  readonly example?: string;
  /** For a series: its unit, and how often it is read. */
  readonly readings?: string;
  /** For a fault: the evidence that it bit. */
  readonly proof?: string;
  readonly undo?: string;
  /** For a fault: why the audit for residue may not see it while it is in force. */
  readonly passes?: string;
  /** For a fault: what it needs that some topologies or some machines do not have. */
  readonly requires?: readonly string[];
  readonly exit_codes?: readonly number[];
  /** What to look at and what to do: the page in runbooks/, without its title, where there is one. */
  readonly page?: string;
}

export interface Explained extends Known {
  readonly probes: readonly Probe[];
  readonly protocols: readonly Protocol[];
  readonly roleSources: readonly RoleSource[];
}

/** Returns the explanation of every name, kind by kind. */
export function explanations({ probes, protocols, roleSources, ...known }: Explained): Explanation[] {
  const kinds = kindsOf(known);
  return [
    ...kinds.faults.flatMap((kind) => {
      const fault = known.faults.find((f) => f.name === kind.name);
      return fault === undefined ? [] : ofFault(fault, kind);
    }),
    ...kinds.steps.map((kind) => ({ kind: 'step' as const, ...written(kind, 'faults') })),
    ...kinds.checks.map((kind) => ({ kind: 'check' as const, ...written(kind, 'hypotheses') })),
    ...kinds.stops.map((kind) => ({ kind: 'stop condition' as const, ...written(kind, 'stop_if') })),
    ...known.series.map(ofSeries),
    ...kinds.controllers.map((kind) => ({ kind: 'controller' as const, ...written(kind, 'controllers') })),
    ...Object.entries(REASON_PAGES).map(ofScaling('scaling reason')),
    ...Object.entries(CLAMP_PAGES).map(ofScaling('scaling clamp')),
    ...probes.map(({ name, summary }) => ({ kind: 'probe' as const, name, summary })),
    ...protocols.map(({ name, summary }) => ({ kind: 'protocol' as const, name, summary })),
    ...roleSources.map(({ name, summary }) => ({ kind: 'roles' as const, name, summary })),
    ...Object.entries(VERDICTS).map(([name, { exits, meaning }]) => {
      return { kind: 'verdict' as const, name, summary: meaning, exit_codes: exits.map((exit) => EXIT_CODE[exit]) };
    }),
    ...errorCodes().map(ofError),
  ];
}

const written = ({ name, summary, example, schema }: Form, list: ExperimentList) => ({
  name,
  summary,
  parameters: parametersOf(schema),
  example: exampleYaml(list, name, example),
});

function ofFault(fault: Fault, kind: Form): Explanation {
  const page = pageOf(`faults/${fault.name}.md`);
  const proof = /^\*\*Proof that it bit:\*\* (.+)$/m.exec(page ?? '')?.[1];
  return {
    kind: 'fault',
    ...written(kind, 'faults'),
    ...(proof === undefined ? {} : { proof }),
    undo: fault.bind(fault.params.parse(fault.example)).undoes,
    ...(fault.passes === undefined ? {} : { passes: fault.passes }),
    ...(fault.requires === undefined ? {} : { requires: fault.requires }),
    ...(page === undefined ? {} : { page }),
  };
}

/**
 * The example shows the series as a hypothesis, as a stop condition and as a chart. The stop condition ends a run on
 * the bad side of the limit, and the hypothesis wants the good side.
 */
function ofSeries({ name, summary, unit, everyMs, momentary, example, in: any }: Series): Explanation {
  const { of, above, below } = example;
  const named = of === undefined ? { name } : { name, of };
  const [bad, good] = above === undefined ? [{ below }, { above: below }] : [{ above }, { below: above }];
  const lists: readonly (readonly [ExperimentList, object])[] = [
    ['hypotheses', { ...named, ...good, during: ['recovery'] }],
    ['stop_if', { ...named, ...bad, for: '20s' }],
    ['charts', named],
  ];
  const covers = momentary === true ? 'the state at its moment' : 'the time since the reading before it';
  return {
    kind: 'series',
    name,
    summary,
    example: lists.map(([list, value]) => exampleYaml(list, 'series', value)).join(''),
    readings: `${any === undefined ? UNITS[unit].name : 'in the unit of the limit'}, every ${formatDuration(everyMs)}; a reading is about ${covers}`,
  };
}

const ofScaling =
  (kind: ExplainedKind) =>
  ([name, { summary, look, change }]: readonly [string, ScalingPage]): Explanation => ({
    kind,
    name,
    summary,
    page: `**Look at:** ${look}\n\n→ ${change}`,
  });

const errorCodes = (): string[] =>
  readdirSync(new URL('errors/', RUNBOOKS))
    .map((file) => file.replace(/\.md$/, ''))
    .sort();

/** The page begins with the exit code in bold. Its second paragraph begins with the summary. */
function ofError(code: string): Explanation {
  const page = pageOf(`errors/${code}.md`) ?? '';
  const [, first = ''] = page.split('\n\n');
  const [summary = ''] = first.replaceAll('\n', ' ').split(/(?<=[.!?]) (?=[A-Z(])/);
  return { kind: 'error', name: code, summary, page };
}

function pageOf(path: string): string | undefined {
  const url = new URL(path, RUNBOOKS);
  if (!existsSync(url)) return undefined;
  return readFileSync(url, 'utf8')
    .replace(/^# .*\n+/, '')
    .trim();
}

/** Makes names comparable. Case, blanks and hyphens do not matter: "not-restored" is NOT RESTORED. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s-]/g, '_');

/** Returns all explanations of a name. A fault and a check may share a name. */
export const named = (all: readonly Explanation[], name: string): Explanation[] =>
  all.filter((one) => plain(one.name) === plain(name));

/** Returns the kinds in their order, each with its explanations. */
export const byKind = (all: readonly Explanation[]): [ExplainedKind, Explanation[]][] =>
  KINDS.map((kind) => [kind, all.filter((one) => one.kind === kind)]);
