import type { Runbook, RunbookCommand } from '../../../core/runbook/runbook.ts';
import type { CommandSaid } from '../../../core/runbook/said.ts';
import {
  asked,
  atWork,
  commandsInOrder,
  type Decision,
  done,
  left,
  mayRepeat,
  over,
  shown,
  walkOf,
  type WalkState,
  type WalkStep,
  withStep,
} from '../../../core/runbook/walk.ts';
import { type Redact, redactDeep } from '../../../core/text/redact.ts';

/** How a person sees a walk and answers: the terminal or the page. */
export interface Face {
  /** The walk has changed. `step`: what has changed in it; absent at its beginning and at its end. */
  changed(state: WalkState, step?: WalkStep): void;
  /** Resolves with what the person decides about a step. A face whose person has left says `end`. */
  decide(step: WalkStep): Promise<Decision>;
}

interface WalkParts {
  readonly face: Face;
  /** Carries a command out, and never rejects. Absent: the walk is dry, and nothing is touched. */
  readonly act?: ((command: RunbookCommand) => Promise<CommandSaid>) | undefined;
  readonly redact: Redact;
  /** Ends the walk. A command at work is not broken off: its own timeout ends it. */
  readonly ending: AbortSignal;
}

/** Goes through a runbook step by step, as the person says. Resolves with what became of each step. */
export async function walk(runbook: Runbook, parts: WalkParts): Promise<WalkState> {
  const { face, ending } = parts;
  using answers = new Answers(face, ending);
  let state = redactDeep(walkOf(runbook, parts.act !== undefined), parts.redact);
  face.changed(state);
  const put = (step: WalkStep): WalkStep => {
    state = withStep(state, step);
    face.changed(state, step);
    return step;
  };
  const commands = commandsInOrder(runbook);
  for (const [i, command] of commands.entries()) {
    const step = state.steps[i];
    if (step === undefined || !(await goThrough(step, command, { ...parts, answers, put }))) break;
  }
  state = over(state);
  face.changed(state);
  return state;
}

interface OfStep extends WalkParts {
  readonly answers: Answers;
  /** Shows another state of the step, and returns it. */
  readonly put: (step: WalkStep) => WalkStep;
}

/** Asks about one step until it is over. Resolves with false when the person ends the walk. */
async function goThrough(
  first: WalkStep,
  command: RunbookCommand,
  { act, redact, answers, put }: OfStep,
): Promise<boolean> {
  let step = first;
  for (;;) {
    step = put(asked(step, command, act !== undefined));
    const decision = await answers.about(step);
    if (decision !== 'do') {
      put(left(step, decision));
      return decision === 'skip';
    }
    if (act === undefined) {
      put(shown(step));
      return true;
    }
    step = put(atWork(step));
    step = put(done(step, await act(command), redact));
    if (!mayRepeat(step)) return true;
  }
}

/** The answers of the person, who is not waited for once the walk is to end. */
class Answers implements Disposable {
  readonly #face: Face;
  readonly #ending: AbortSignal;
  readonly #ended: Promise<Decision>;
  readonly #forget = new AbortController();

  constructor(face: Face, ending: AbortSignal) {
    this.#face = face;
    this.#ending = ending;
    this.#ended = new Promise((resolve) =>
      ending.addEventListener('abort', () => resolve('end'), { once: true, signal: this.#forget.signal }),
    );
  }

  async about(step: WalkStep): Promise<Decision> {
    return this.#ending.aborted ? 'end' : await Promise.race([this.#face.decide(step), this.#ended]);
  }

  [Symbol.dispose](): void {
    this.#forget.abort();
  }
}
