import { z } from 'zod';
import type { Redact } from '../text/redact.ts';
import { visible } from '../text/visible.ts';
import {
  commandsOf,
  describeExpectation,
  type Part,
  PARTS,
  placeText,
  type Runbook,
  type RunbookCommand,
} from './runbook.ts';
import type { CommandSaid } from './said.ts';

/** What a person may decide about the step that they are asked about. `end` ends the whole walk. */
export type Decision = 'do' | 'skip' | 'end';

type StepStage =
  | 'to come'
  /** The person is asked about it. */
  | 'asked'
  | 'at work'
  /** The walk is dry: the person has seen what would be done. */
  | 'shown'
  /** Its command was carried out. */
  | 'done'
  | 'skipped';

/** What a person is asked about a step, and what the two answers are called. */
interface Question {
  readonly text: string;
  readonly yes: string;
  readonly no: string;
}

/** What became of a command, for people. */
export interface StepSaid {
  /** The containers, or "host". Null when there was none. */
  readonly place: string | null;
  /** "as expected", or why not. */
  readonly result: string;
  readonly asExpected: boolean;
  readonly output: string;
  readonly ms: number;
}

/** A command of a runbook on a walk, in words for people. */
export interface WalkStep {
  readonly name: string;
  readonly part: Part;
  /** "in redis", "on the host". */
  readonly where: string;
  readonly changes: boolean;
  /** "only looks", "changes something". */
  readonly does: string;
  /** "prints "OK"", "ends with 0". */
  readonly expects: string;
  readonly run: string;
  readonly timeoutMs: number;
  readonly stage: StepStage;
  /** Null while nothing is asked. */
  readonly question: Question | null;
  /** What the command said when it was carried out last. */
  readonly said: StepSaid | null;
}

/** What became of a whole walk. */
interface WalkSummary {
  readonly headline: string;
  /** "2 as expected, 1 skipped". */
  readonly counts: string;
  readonly tone: 'good' | 'bad' | 'calm';
}

export interface WalkState {
  readonly runbook: string;
  readonly title: string;
  /** False: the walk is dry, and nothing is touched. */
  readonly acts: boolean;
  readonly steps: readonly WalkStep[];
  /** Null until the walk is over. */
  readonly summary: WalkSummary | null;
}

/** Returns the commands of a runbook in the order in which a person follows them. */
export const commandsInOrder = (runbook: Runbook): readonly RunbookCommand[] =>
  PARTS.flatMap((part) => commandsOf(runbook, part));

/** Returns a walk whose steps are all to come. `acts`: commands are carried out. */
export const walkOf = (runbook: Runbook, acts: boolean): WalkState => ({
  runbook: runbook.name,
  title: runbook.title,
  acts,
  steps: commandsInOrder(runbook).map(stepOf),
  summary: null,
});

const stepOf = ({ name, part, where, changes, expect, run, timeoutMs }: RunbookCommand): WalkStep => ({
  name,
  part,
  where: placeText(where),
  changes,
  does: changes ? 'changes something' : 'only looks',
  expects: describeExpectation(expect),
  run: run.trim(),
  timeoutMs,
  stage: 'to come',
  question: null,
  said: null,
});

/** Returns the walk with another state of one step. */
export const withStep = (state: WalkState, step: WalkStep): WalkState => ({
  ...state,
  steps: state.steps.map((one) => (one.name === step.name ? step : one)),
});

/** Returns the step as the person is asked about it. */
export const asked = (step: WalkStep, { ask }: Pick<RunbookCommand, 'ask'>, acts: boolean): WalkStep => ({
  ...step,
  stage: 'asked',
  question: questionOf(step, ask, acts),
});

function questionOf({ said }: WalkStep, ask: string | undefined, acts: boolean): Question {
  if (!acts) return { text: ask ?? 'What would be done?', yes: 'show it', no: 'skip' };
  if (said !== null) return { text: `${said.result}: look again?`, yes: 'look again', no: 'go on' };
  return ask === undefined
    ? { text: 'Carry it out?', yes: 'carry it out', no: 'skip' }
    : { text: ask, yes: 'yes, carry it out', no: 'no, skip' };
}

/** Returns the step whose command is being carried out. */
export const atWork = (step: WalkStep): WalkStep => ({ ...step, stage: 'at work', question: null });

/** Returns the step of a dry walk whose command the person has seen. */
export const shown = (step: WalkStep): WalkStep => ({ ...step, stage: 'shown', question: null });

/** Returns the step that the person leaves as it is. */
export const left = (step: WalkStep, decision: 'skip' | 'end'): WalkStep => ({
  ...step,
  stage: step.said !== null ? 'done' : decision === 'skip' ? 'skipped' : 'to come',
  question: null,
});

/** Returns the step whose command was carried out. Its output has no secret and no control character. */
export const done = (step: WalkStep, { place, problem, output, ms }: CommandSaid, redact: Redact): WalkStep => ({
  ...step,
  stage: 'done',
  question: null,
  said: {
    place: place ?? null,
    result: problem ?? 'as expected',
    asExpected: problem === undefined,
    output: visible(redact(output.trim())),
    ms,
  },
});

/** A command that only looks may be repeated until it shows what it should. One that changes something is not. */
export const mayRepeat = ({ said, changes }: WalkStep): boolean => said?.asExpected === false && !changes;

/** Returns the walk that is over. */
export const over = (state: WalkState): WalkState => ({
  ...state,
  summary: { ...conclusionOf(state), counts: countsOf(state) },
});

function conclusionOf({ acts, steps }: WalkState): Pick<WalkSummary, 'headline' | 'tone'> {
  if (!acts) return { headline: 'A dry walk: nothing was touched.', tone: 'calm' };
  const results = steps.filter(({ part }) => part === 'worked').map(({ said }) => said?.asExpected);
  if (results.length > 0 && results.every((result) => result === true))
    return { headline: 'It worked, as far as the runbook can tell.', tone: 'good' };
  return results.includes(false)
    ? { headline: 'It did not work, or not yet: read when to escalate.', tone: 'bad' }
    : {
        headline: results.includes(true)
          ? 'Not everything was looked at that says whether it worked.'
          : 'Nobody has looked whether it worked.',
        tone: 'calm',
      };
}

function countsOf({ steps }: WalkState): string {
  const kinds: readonly (readonly [string, (step: WalkStep) => boolean])[] = [
    ['as expected', ({ said }) => said?.asExpected === true],
    ['not as expected', ({ said }) => said?.asExpected === false],
    ['shown', ({ stage }) => stage === 'shown'],
    ['skipped', ({ stage }) => stage === 'skipped'],
    ['not reached', ({ stage }) => stage === 'to come'],
  ];
  return kinds
    .map(([text, is]) => [steps.filter(is).length, text] as const)
    .filter(([count]) => count > 0)
    .map(([count, text]) => `${count} ${text}`)
    .join(', ');
}

const answer = z.strictObject({ decision: z.enum(['do', 'skip']), step: z.string().min(1).max(200) });

/** What a page says about a step. */
type StepAnswer = z.output<typeof answer>;

/** Reads what a page sends about a step. Returns it, or what is wrong with it in one sentence. */
export function readAnswer(body: unknown): StepAnswer | string {
  const read = answer.safeParse(body);
  return read.success ? read.data : 'write an object with "decision", do or skip, and "step", the name of the step';
}
