import { ChaosError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { type Answer, describeVantage, type Question, type Vantage } from '../../core/topology/witness.ts';
import type { DockerControl } from '../docker/docker.ts';
import { hostsOf } from './hosts.ts';
import { MovingWitness } from './moving.ts';
import { witnessCommand, witnessFiles } from './program.ts';

interface Watch {
  readonly docker: DockerControl;
  readonly log: Log;
  readonly image: string;
  readonly project: string;
  readonly run: string;
  readonly vantage: Vantage;
  readonly questions: readonly Question[];
}

/**
 * Asks the questions again and again from one place until disposed. Throws CHAOS_NO_WITNESS when no container of the
 * consumer runs. When the service has no consumer, throws it when the service has no container, or no network on which
 * the engine resolves names.
 */
export async function watchAnswers(watch: Watch, onAnswer: (answer: Answer) => void): Promise<AsyncDisposable> {
  const { docker, image, project, run, vantage, questions, log } = watch;
  const env = { QUESTIONS: JSON.stringify(questions) };
  const helper = { image, project, ofRun: run, files: witnessFiles(), run: witnessCommand('answers'), env };
  const witness = await MovingWitness.start({ hosts: hostsOf({ docker, project, vantage, helper }), onAnswer, log });
  if (witness !== undefined) return witness;
  throw new ChaosError('CHAOS_NO_WITNESS', {
    what:
      vantage.neighbour === true
        ? `no witness can be ${describeVantage(vantage)}: the service has no container, or no network with names`
        : `no running container of "${vantage.from}" can lend its network namespace`,
    hint: "Evidence is taken from the consumer's side: start the service, or run `chaos heal`.",
    exit: 'not-ready',
  });
}
