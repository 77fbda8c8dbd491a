import type { Log } from '../../core/log.ts';
import type { Witnesses } from '../../core/topology/control.ts';
import type { Answer, DatagramBatch, DatagramWay, Question, Vantage } from '../../core/topology/witness.ts';
import type { Project } from '../docker/project.ts';
import { watchAnswers } from './answers.ts';
import { watchDatagrams } from './datagrams.ts';

/** Helpers in the network namespaces of one project's containers. */
export class ProjectWitnesses implements Witnesses {
  readonly #project: Project;
  readonly #log: Log;

  constructor(project: Project, log: Log) {
    this.#project = project;
    this.#log = log;
  }

  async witness(
    vantage: Vantage,
    run: string,
    questions: readonly Question[],
    onAnswer: (answer: Answer) => void,
  ): Promise<AsyncDisposable> {
    const { docker, spec } = this.#project;
    const { probeImage: image, project } = spec;
    return watchAnswers({ docker, log: this.#log, image, project, run, vantage, questions }, onAnswer);
  }

  async datagrams(
    run: string,
    ways: readonly DatagramWay[],
    onBatch: (batch: DatagramBatch) => void,
  ): Promise<AsyncDisposable> {
    const { docker, spec } = this.#project;
    const { probeImage: image, project } = spec;
    const containers = await this.#project.list();
    return watchDatagrams({ helpers: docker.helpers, image, project, run, containers, ways }, onBatch);
  }
}
