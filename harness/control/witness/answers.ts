import { readFileSync } from 'node:fs';
import { ChaosError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Answer, Question } from '../../core/topology.ts';
import type { DockerControl } from '../docker.ts';
import { type Hosts, MovingWitness } from './moving.ts';

const SCRIPT = readFileSync(new URL('./answers.mjs', import.meta.url), 'utf8');

interface Watch {
  readonly docker: DockerControl;
  readonly log: Log;
  readonly image: string;
  readonly project: string;
  readonly run: string;
  /** The service whose network namespace is looked from: of the first of its containers that runs. */
  readonly from: string;
  readonly questions: readonly Question[];
}

/** Asks the questions again and again from within the consumer's own network, until it is disposed of. */
export async function watchAnswers(watch: Watch, onAnswer: (answer: Answer) => void): Promise<AsyncDisposable> {
  const witness = await MovingWitness.start({ hosts: containersOf(watch), onAnswer, log: watch.log });
  if (witness !== undefined) return witness;
  throw new ChaosError('CHAOS_NO_WITNESS', {
    what: `no running container of "${watch.from}" can lend its network namespace`,
    hint: "Evidence is taken from the consumer's side: start the service, or run `chaos heal`.",
    exit: 'not-ready',
  });
}

function containersOf({ docker, image, project, run, from, questions }: Watch): Hosts {
  const env = { QUESTIONS: JSON.stringify(questions) };
  return {
    async find() {
      const found = (await docker.list(project)).find((c) => c.service === from && c.running);
      return found && { id: found.id, name: found.name, startedAt: (await docker.inspect(found.id)).startedAt };
    },
    async isSame({ id, startedAt }) {
      try {
        const state = await docker.inspect(id);
        return state.running && state.startedAt === startedAt;
      } catch (error) {
        if ((error as { statusCode?: number }).statusCode === 404) return false;
        throw error;
      }
    },
    attach: (host, onLine) =>
      docker.helpers.watch({ image, project, run, netns: host.id, script: SCRIPT, env }, onLine),
  };
}
