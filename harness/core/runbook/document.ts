import { iso } from '../clock.ts';
import { EXIT_CODE, type Exit } from '../exits.ts';
import type { Arm, ArmKind } from './arm.ts';
import type { Decision, RunbookVerdict } from './decide.ts';
import type { Gain } from './gain.ts';
import type { Runbook } from './runbook.ts';
import type { CommandSaid } from './said.ts';

/** What `runbook validate --json` prints and runbook.json holds. Keys may be added, and never changed or removed. */
export interface RunbookDocument {
  readonly schema_version: 1;
  readonly verdict: RunbookVerdict | 'NOT RESTORED' | 'INTERRUPTED';
  readonly exit_code: number;
  /** One sentence for people. */
  readonly why: string;
  /** The name of the folder of the whole. */
  readonly run: string;
  readonly dir: string;
  readonly title: string;
  readonly runbook: string;
  readonly file: string;
  readonly heals: Runbook['heals'];
  readonly started: string;
  readonly ended: string;
  readonly promised_s: number;
  /** Of the harness and the topology, "349d87d"; with " + changes" when files were changed since. Empty: not known. */
  readonly commit: string;
  /** Of the texts of the runbook and its experiment. */
  readonly digest: string;
  readonly arms: readonly ArmRow[];
  readonly gained_s: Gain;
  /** Commands that did not do what the runbook says, by their name. */
  readonly problems: readonly {
    readonly command: string;
    readonly line: number;
    readonly problem: string;
    readonly output: string;
  }[];
}

export interface ArmRow {
  readonly arm: ArmKind;
  readonly run: string;
  readonly dir: string;
  /** Whether the system came back while the arm was watched. Null when the arm proves nothing. */
  readonly recovered: boolean | null;
  /** Seconds from the failure. Null when it did not come back. */
  readonly recovery_s: number | null;
  /** Seconds from the failure to the end of the arm. */
  readonly watched_s: number;
  /** Why the arm proves nothing. Absent for an arm that counts. */
  readonly void?: string;
  readonly commands: readonly CommandRow[];
}

interface CommandRow {
  readonly name: string;
  readonly part: string;
  readonly state: string;
  readonly place: string | null;
  readonly exit_code: number | null;
  readonly took_s: number;
  readonly problem: string | null;
  readonly output: string;
}

const EXITS: Readonly<Record<RunbookDocument['verdict'], Exit>> = {
  proven: 'pass',
  unproven: 'inconclusive',
  stale: 'inconclusive',
  INCONCLUSIVE: 'inconclusive',
  broken: 'fail',
  harmful: 'fail',
  misleading: 'fail',
  'NOT RESTORED': 'not-restored',
  INTERRUPTED: 'interrupted',
};

export interface Whole extends Pick<RunbookDocument, 'commit' | 'digest'> {
  readonly run: string;
  readonly dir: string;
  /** Epoch milliseconds. */
  readonly started: number;
  readonly ended: number;
}

/** Returns the document of a validation. */
export function runbookDocument(
  runbook: Runbook,
  arms: readonly Arm[],
  { verdict, why, gain }: Omit<Decision, 'verdict'> & Pick<RunbookDocument, 'verdict'>,
  { run, dir, started, ended, commit, digest }: Whole,
): RunbookDocument {
  return {
    schema_version: 1,
    verdict,
    exit_code: EXIT_CODE[EXITS[verdict]],
    why,
    run,
    dir,
    title: runbook.title,
    runbook: runbook.name,
    file: runbook.file,
    heals: runbook.heals,
    started: iso(started),
    ended: iso(ended),
    promised_s: runbook.withinMs / 1_000,
    commit,
    digest,
    arms: arms.map(rowOf),
    gained_s: gain,
    problems: problemsIn(runbook, arms),
  };
}

function rowOf({ arm, run, dir, recovery, watchedMs, commands, void: why }: Arm): ArmRow {
  return {
    arm,
    run,
    dir,
    recovered: why === undefined ? recovery.outcome === 'recovered' : null,
    recovery_s: recovery.outcome === 'recovered' ? recovery.ms / 1_000 : null,
    watched_s: watchedMs / 1_000,
    ...(why === undefined ? {} : { void: why }),
    commands: commands.map((said) => ({
      name: said.name,
      part: said.part,
      state: said.state,
      place: said.place ?? null,
      exit_code: said.code,
      took_s: said.ms / 1_000,
      problem: said.problem ?? null,
      output: said.output,
    })),
  };
}

/** A look that must say no is no problem: a confirmation on a sound system, and "it worked" before it worked. */
const mattered = ({ part, state, problem }: CommandSaid): boolean =>
  problem !== undefined &&
  !(part === 'confirm' && state === 'sound') &&
  !(part === 'worked' && problem !== 'not found' && problem !== 'no place');

function problemsIn({ commands }: Runbook, arms: readonly Arm[]): RunbookDocument['problems'] {
  const found = new Map<string, RunbookDocument['problems'][number]>();
  for (const said of arms.flatMap((arm) => arm.commands)) {
    const { name, problem, output } = said;
    if (problem === undefined || !mattered(said) || found.has(name)) continue;
    const line = commands.find((command) => command.name === name)?.line ?? 0;
    found.set(name, { command: name, line, problem, output: output.slice(0, 300) });
  }
  return [...found.values()];
}
