import { readFileSync } from 'node:fs';
import { ChaosError } from '../../core/errors.ts';
import type { Answer, Question } from '../../core/topology.ts';
import type { ListedContainer } from '../docker.ts';
import type { Helpers } from '../helpers.ts';

const SCRIPT = readFileSync(new URL('./answers.mjs', import.meta.url), 'utf8');

interface Watch {
  readonly helpers: Helpers;
  readonly image: string;
  readonly project: string;
  readonly run: string;
  readonly containers: readonly ListedContainer[];
  /** The service whose network namespace is looked from. */
  readonly from: string;
  readonly questions: readonly Question[];
}

/** Asks the questions again and again from within the consumer's own network, until it is disposed of. */
export async function watchAnswers(watch: Watch, onAnswer: (answer: Answer) => void): Promise<AsyncDisposable> {
  const { helpers, image, project, run, containers, from, questions } = watch;
  const host = containers.find((c) => c.service === from && c.running);
  if (host === undefined) {
    throw new ChaosError('CHAOS_NO_WITNESS', {
      what: `no running container of "${from}" can lend its network namespace`,
      hint: "Evidence is taken from the consumer's side: start the service, or run `chaos heal`.",
      exit: 'not-ready',
    });
  }
  const env = { QUESTIONS: JSON.stringify(questions) };
  return helpers.watch({ image, project, run, netns: host.id, script: SCRIPT, env }, (line) => {
    const answer = parseAnswer(line);
    if (answer !== undefined) onAnswer(answer);
  });
}

/** A line cut off when the helper was removed is no answer. */
function parseAnswer(line: string): Answer | undefined {
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return undefined;
  }
}
