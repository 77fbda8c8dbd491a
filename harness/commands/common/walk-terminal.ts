import { HEADINGS, type Part } from '../../core/runbook/runbook.ts';
import type { Decision, StepSaid, WalkStep } from '../../core/runbook/walk.ts';
import type { World } from '../../core/world.ts';
import type { Face } from '../../modes/runbook/walk/walk.ts';

/** What a person may write at a question. */
const ANSWERS: ReadonlyMap<string, Decision> = new Map([
  ['', 'do'],
  ['y', 'do'],
  ['yes', 'do'],
  ['s', 'skip'],
  ['n', 'skip'],
  ['no', 'skip'],
  ['q', 'end'],
]);

/** Returns the face of a walk in the terminal. `ask`: absent in a dry walk, which prints every command and asks nothing. */
export function terminalFace(ask: World['ask'], { out, err }: Pick<World, 'out' | 'err'>): Face {
  let part: Part | undefined;
  let heard: StepSaid | null = null;
  return {
    changed(_state, step) {
      if (step === undefined || step.said === null || step.said === heard) return;
      heard = step.said;
      out.write(saidText(heard));
    },
    async decide(step) {
      if (step.part !== part) out.write(`\n${HEADINGS[step.part]}\n`);
      part = step.part;
      if (step.said === null) out.write(stepText(step));
      return ask === undefined ? 'do' : await answered(step, ask, (text) => err.write(text));
    },
  };
}

/** Asks until the answer is one. A person who closes the terminal has left. */
async function answered(
  { question }: WalkStep,
  ask: NonNullable<World['ask']>,
  say: (text: string) => void,
): Promise<Decision> {
  const { text = '', yes = '', no = '' } = question ?? {};
  for (;;) {
    const answer = await ask(`  ${text} [Enter: ${yes}, s: ${no}, q: end] `);
    const decision = answer === undefined ? 'end' : ANSWERS.get(answer.trim().toLowerCase());
    if (decision !== undefined) return decision;
    say(`  "${answer}" is no answer: press Enter, s or q\n`);
  }
}

const stepText = ({ name, where, does, expects, run }: WalkStep): string =>
  `  ${name} (${where}; ${does}; ${expects})\n${run.replaceAll(/^/gm, '    $ ')}\n`;

const saidText = ({ output, result, place }: StepSaid): string =>
  `${output.replaceAll(/^/gm, '    ')}\n  → ${result} (${place ?? 'nowhere'})\n`;
