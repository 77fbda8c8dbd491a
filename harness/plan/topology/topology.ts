import { isDeepStrictEqual } from 'node:util';
import { ChaosError } from '../../core/errors.ts';
import type { Problem } from '../../core/plan/problem.ts';
import {
  type ComposeAnswer,
  type ComposeQuestion,
  type ComposeReader,
  type Env,
  withProfile,
} from '../../core/topology/compose.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import type { Monitoring } from '../monitoring.ts';
import { mapOf } from '../source/map.ts';
import { checked } from './checked.ts';
import { composeMissing, unchecked } from './missing.ts';
import { refusal, warning } from './said.ts';
import type { Source } from '../source/source.ts';
import { readSources } from './sources.ts';

export interface TopologyQuestion {
  /** Absolute paths, laid over each other as `docker compose -f a -f b` does. */
  readonly files: readonly string[];
  readonly env: Env;
  readonly compose: ComposeReader;
  /** What shall watch the topology. Absent: nothing. */
  readonly monitoring?: Monitoring | undefined;
}

export interface TopologyRead {
  /** Undefined when there are problems, and without Compose. */
  readonly topology: TopologySpec | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Reads the topology of compose files. `warn` receives each warning. Throws the first mistake with its place, and
 * CHAOS_COMPOSE_MISSING when Compose is missing.
 */
export function readTopology(question: TopologyQuestion, warn: (problem: Problem) => void): TopologySpec {
  const { topology, problems, warnings } = topologyOf(question);
  const [first] = problems;
  if (first !== undefined) {
    warnings.forEach(warn);
    throw new ChaosError(first.code, { ...first, what: first.message, exit: 'bad-input' });
  }
  if (topology === undefined) throw composeMissing();
  warnings.forEach(warn);
  return topology;
}

/** Returns what Compose will be asked for the topology of these files. */
export const composeQuestion = (files: readonly string[], env: Env): ComposeQuestion => ({
  files,
  env,
  reads: readSources(files, env).reads,
});

/** Returns the topology as Compose describes it, or the mistakes in it. Asks nothing of the engine. */
export function topologyOf({ files, env, compose, monitoring }: TopologyQuestion): TopologyRead {
  const { all, unreadable, syntax, reads } = readSources(files, env);
  const [first = ''] = files;
  if (unreadable.length > 0) return { topology: undefined, problems: unreadable, warnings: [] };
  const ask = (profile?: string): ComposeAnswer => compose.read({ files, env: withProfile(env, profile), reads });
  // Only the answer tells the name of the profile. With the profile, its services are in the next answer.
  const bare = ask();
  const profile = monitoring === 'own' && bare.is === 'read' ? profileIn(bare.config) : undefined;
  const answer = profile === undefined ? bare : ask(profile);
  if (answer.is === 'missing') return { topology: undefined, problems: syntax, warnings: [unchecked(first)] };
  const warnings = answer.warnings.map((text) => warning(text, all, first));
  if (answer.is === 'refused') {
    // Our parser knows the column too, and does not stop at the first mistake.
    const problems = syntax.length > 0 ? syntax : [refusal(answer.why, all, first)];
    return { topology: undefined, problems, warnings };
  }
  const read = checkedOnce(answer, { files, all, env, monitoring });
  return 'project' in read
    ? { topology: read, problems: [], warnings }
    : { topology: undefined, problems: read, warnings };
}

function profileIn(config: unknown): string | undefined {
  const { profile } = mapOf(mapOf(mapOf(config)['x-chaos'])['monitoring']);
  return typeof profile === 'string' ? profile : undefined;
}

interface Asked {
  readonly files: readonly string[];
  readonly all: readonly Source[];
  readonly env: Env;
  readonly monitoring: Monitoring | undefined;
}

/** What was made of each answer of Compose. A reader gives the same answer while no file has changed. */
const known = new WeakMap<ComposeAnswer, { readonly asked: Asked; readonly read: ReturnType<typeof checked> }>();

/** Many experiments are about one topology: its description is checked once. Nobody may change what is returned. */
function checkedOnce(answer: Extract<ComposeAnswer, { is: 'read' }>, asked: Asked): ReturnType<typeof checked> {
  const before = known.get(answer);
  if (before !== undefined && isSame(before.asked, asked)) return before.read;
  const read = checked(answer.config, asked.files, asked.all, asked.env, asked.monitoring);
  known.set(answer, { asked, read });
  return read;
}

const isSame = (a: Asked, b: Asked): boolean =>
  areEqual(a.files, b.files) && isDeepStrictEqual(a.monitoring, b.monitoring) && areEqual(a.all, b.all) && areEqual(entriesOf(a.env), entriesOf(b.env));

const areEqual = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((one, i) => one === b[i]);

const entriesOf = (env: Env): readonly unknown[] => Object.entries(env).flat();
