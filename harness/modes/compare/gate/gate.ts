import { EXIT_CODE } from '../../../core/exits.ts';
import type { RunDocument } from '../../../core/record/run.ts';
import { figuresOf } from '../../../core/record/summary.ts';
import type { Answers } from '../../../core/trend/answers.ts';
import { interleaved, type Side } from '../../../core/trend/interleave.ts';
import type { TrendRun } from '../../../core/trend/trend.ts';
import { type Decided, decide, type Rerun } from './decide.ts';
import type { Way } from './same.ts';
import { type Question, type Suspect, suspectsOf } from './suspects.ts';

/** What a gate needs of the world. */
export interface GateParts {
  /** Says how the base can be made once more. Asked only when there is a suspect. */
  readonly way: () => Promise<Way>;
  /** Makes the runs of these sides, in this order, and yields each when it is over. */
  readonly rerun: (
    order: readonly Side[],
    way: Exclude<Way, { is: 'none' }>,
  ) => AsyncIterable<readonly [Side, RunDocument]>;
  readonly say: (line: string) => void;
}

/** What `compare --gate` found. Keys may be added, and never changed or removed. */
export interface GateFound {
  /** 'regression', 'no regression', 'cannot tell', or the verdict of a rerun that ended the gate. */
  readonly verdict: string;
  readonly exit_code: number;
  /** Why the gate cannot tell. Null when it can. */
  readonly reason: string | null;
  readonly experiment: string;
  readonly base: readonly string[];
  readonly now: string;
  /** The figures that looked worse, and what reruns say about each. */
  readonly figures: readonly Decided[];
  readonly reruns: readonly {
    readonly side: Side;
    readonly run: string;
    readonly verdict: string;
    readonly counts: boolean;
  }[];
  readonly answers: Answers;
}

/**
 * Says whether `now` is worse than the base. Nothing is called a regression before reruns of both sides, interleaved, show
 * it too. Without a figure that looks worse, no rerun is made.
 */
export async function gate(question: Question, parts: GateParts): Promise<GateFound> {
  const { base, now } = question;
  const unsure = [now, ...base].find(({ figures }) => !figures.valid);
  if (unsure !== undefined) return found(question, cannot(`the figures of ${unsure.run} cannot be believed`));
  if (!haveOneFigure(now, base)) return found(question, cannot('base and now have no figure of a check in common'));
  const suspects = suspectsOf(question);
  if (suspects.length === 0) return found(question, { verdict: 'no regression', exit: EXIT_CODE.pass });
  parts.say(`looks worse than the base: ${suspects.map(({ name }) => name).join(', ')}`);
  const way = await parts.way();
  if (way.is === 'none')
    return found(question, { ...cannot(`reruns are not possible: ${way.why}`), figures: decide(suspects, []) });
  return await byReruns(question, suspects, way, parts);
}

async function byReruns(
  question: Question,
  suspects: readonly Suspect[],
  way: Exclude<Way, { is: 'none' }>,
  { rerun, say }: GateParts,
): Promise<GateFound> {
  const order = interleaved();
  const made: Rerun[] = [];
  const reruns: GateFound['reruns'][number][] = [];
  for await (const [side, document] of rerun(order, way)) {
    const { run, verdict, exit_code: exit } = document;
    const figures = figuresOf(document);
    reruns.push({ side, run, verdict, counts: figures.valid });
    say(`rerun ${reruns.length} of ${order.length} (${side}): ${verdict}`);
    // What could not be put back, or was interrupted, outranks the gate.
    if (document.reason !== undefined) return found(question, { verdict, exit, reason: document.reason, reruns });
    if (figures.valid) made.push({ side, run, figures });
  }
  const figures = decide(suspects, made);
  const confirmed = figures.some((one) => one.confirmed === true);
  const open = figures.filter((one) => one.confirmed === null).map(({ name }) => name);
  if (confirmed) return found(question, { verdict: 'regression', exit: EXIT_CODE.fail, figures, reruns });
  if (open.length > 0)
    return found(question, { ...cannot(`too few reruns have a figure of ${open.join(', ')}`), figures, reruns });
  return found(question, { verdict: 'no regression', exit: EXIT_CODE.pass, figures, reruns });
}

interface Outcome extends Pick<GateFound, 'verdict'> {
  readonly exit: number;
  readonly reason?: string;
  readonly figures?: readonly Decided[];
  readonly reruns?: GateFound['reruns'];
}

const cannot = (reason: string): Outcome => ({ verdict: 'cannot tell', exit: EXIT_CODE.inconclusive, reason });

function found({ base, now }: Question, { verdict, exit, reason, figures = [], reruns = [] }: Outcome): GateFound {
  const { experiment } = now.figures;
  return {
    verdict,
    exit_code: exit,
    reason: reason ?? null,
    experiment,
    base: base.map(({ run }) => run),
    now: now.run,
    figures,
    reruns,
    answers: {
      experiment,
      base:
        base
          .map(({ started }) => started)
          .toSorted()
          .at(-1) ?? '',
      now: now.started,
      figures: figures.flatMap(({ name, confirmed, values, p }) =>
        confirmed === null ? [] : { name, confirmed, values, p },
      ),
    },
  };
}

const haveOneFigure = (now: TrendRun, base: readonly TrendRun[]): boolean => {
  const names = (run: TrendRun): string[] => run.figures.checks.flatMap(({ name, figure }) => (figure ? name : []));
  return base.some((one) => names(one).some((name) => names(now).includes(name)));
};
