import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Check } from '../core/check.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { Fault } from '../core/fault.ts';
import type { Probe } from '../core/probe.ts';
import type { Stopping } from '../core/stop-rule.ts';
import { VERDICTS } from '../core/verdict.ts';
import { exampleYaml, type ExperimentList, type Kind, kindsOf, type Parameter, parametersOf } from '../plan/index.ts';

const RUNBOOKS = new URL('../../runbooks/', import.meta.url);
const KINDS = ['fault', 'step', 'check', 'stop condition', 'probe', 'verdict', 'error'] as const;

/** What may be explained, in the order in which it is listed. */
export type ExplainedKind = (typeof KINDS)[number];

/** What there is to say of one name; keys that do not apply are absent. */
export interface Explanation {
  readonly kind: ExplainedKind;
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  /** As one would write it in an experiment. */
  readonly example?: string;
  /** Of a fault: by what it is known that it bit. */
  readonly proof?: string;
  readonly undo?: string;
  /** Why the audit may see nothing of it while it is in force. */
  readonly passes?: string;
  /** What not every machine has. */
  readonly requires?: readonly string[];
  readonly exit_codes?: readonly number[];
  /** The page in runbooks/, without its title. */
  readonly page?: string;
}

export interface Explained {
  readonly faults: readonly Fault[];
  readonly checks: readonly Check[];
  readonly metrics: readonly Stopping[];
  readonly probes: readonly Probe[];
}

/** Everything that there is a name for, by kind and name. */
export function explanations({ faults, checks, metrics, probes }: Explained): Explanation[] {
  const kinds = kindsOf(faults, checks, metrics);
  return [
    ...kinds.faults.flatMap((kind) => {
      const fault = faults.find((f) => f.name === kind.name);
      return fault === undefined ? [] : ofFault(fault, kind);
    }),
    ...kinds.steps.map((kind) => ({ kind: 'step' as const, ...written(kind, 'faults') })),
    ...kinds.checks.map((kind) => ({ kind: 'check' as const, ...written(kind, 'hypotheses') })),
    ...kinds.stops.map((kind) => ({ kind: 'stop condition' as const, ...written(kind, 'stop_if') })),
    ...probes.map(({ name, summary }) => ({ kind: 'probe' as const, name, summary })),
    ...Object.entries(VERDICTS).map(([name, { exits, meaning }]) => {
      return { kind: 'verdict' as const, name, summary: meaning, exit_codes: exits.map((exit) => EXIT_CODE[exit]) };
    }),
    ...errorCodes().map(ofError),
  ];
}

const written = ({ name, summary, example, schema }: Kind, list: ExperimentList) => ({
  name,
  summary,
  parameters: parametersOf(schema),
  example: exampleYaml(list, name, example),
});

function ofFault(fault: Fault, kind: Kind): Explanation {
  const page = pageOf(`faults/${fault.name}.md`);
  const proof = /^\*\*Proof that it bit:\*\* (.+)$/m.exec(page ?? '')?.[1];
  return {
    kind: 'fault',
    ...written(kind, 'faults'),
    ...(proof === undefined ? {} : { proof }),
    undo: fault.undoes(fault.params.parse(fault.example)),
    ...(fault.passes === undefined ? {} : { passes: fault.passes }),
    ...(fault.requires === undefined ? {} : { requires: fault.requires }),
    ...(page === undefined ? {} : { page }),
  };
}

const errorCodes = (): string[] =>
  readdirSync(new URL('errors/', RUNBOOKS))
    .map((file) => file.replace(/\.md$/, ''))
    .sort();

/** The page says how it ends in bold, then what it is. */
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

/** Case, and what stands between words, do not matter: "not-restored" is NOT RESTORED. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s-]/g, '_');

/** All of that name: a fault and a check may share one. */
export const named = (all: readonly Explanation[], name: string): Explanation[] =>
  all.filter((one) => plain(one.name) === plain(name));

/** By kind, each with its own in the order of their names. */
export const byKind = (all: readonly Explanation[]): [ExplainedKind, Explanation[]][] =>
  KINDS.map((kind) => [kind, all.filter((one) => one.kind === kind)]);
