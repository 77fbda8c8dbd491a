import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { GamedayRole } from '../../../harness/core/gameday/gameday.ts';
import type { InjectStage } from '../../../harness/core/gameday/inject-state.ts';
import { gamedayState, type GamedayState } from '../../../harness/core/gameday/state.ts';
import { readGamedayEvents } from '../../../harness/modes/gameday/gameday-record.ts';
import { type Ended, ROOT, type Running, startChaos } from '../../helpers/chaos.ts';

/** The facilitator of this evidence gives a sign of life so often, milliseconds. */
const SIGN_MS = 5_000;
const GIVE_UP_MS = 180_000;

/** One inject, which is armed again and again. */
const ABORTS = `title: A game day that is ended early
length: 60m
people: { facilitator: [Ana], responder: [Ben] }
abort: { owner: Ana, machines: [{ errors: { above: 95%, for: 30s } }], people: [somebody asks] }
healthy: [{ name: error_share, below: 5% }]
preflight: 10s
agenda:
  - inject: slow-link
    experiment: ${ROOT}/experiments/slow-database-link.yaml
    hypotheses: [{ acknowledged_writes: { lost: 0 } }]
    time: 5m
    most: 20m
    expect: { alert: none, person: Ben, runbook: none, seen: 1m, understood: 2m, mitigated: 3m, healthy: 4m }
`;

export const INJECT = 'inject-1';

/** Writes the game day whose inject is ended again and again. Returns its path. */
export function abortsFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'chaos-gameday-')), 'aborts.yaml');
  writeFileSync(file, ABORTS);
  return file;
}

interface Links {
  readonly links: Readonly<Record<GamedayRole, string>>;
  readonly dir: string;
}

/** A game day on the tests' own topology, as `chaos gameday` holds it. Its process may be ended, and the day resumed. */
export class Holding implements AsyncDisposable {
  readonly reports = mkdtempSync(join(tmpdir(), 'chaos-gamedays-'));
  readonly #file: string;
  #running: Running | undefined;
  #links: Links | undefined;
  #signs: NodeJS.Timeout | undefined;
  /** Names of the notes that were answered. */
  readonly answered: string[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  get dir(): string {
    return this.#links?.dir ?? '';
  }

  /** The link of a role's page, with its token. */
  link(role: GamedayRole): string {
    return this.#links?.links[role] ?? '';
  }

  /** Starts the day, or goes on with it. Resolves when its pages can be asked. */
  async start(): Promise<void> {
    const options = ['--port', '0', '--keep', '--json', '--reports', this.reports];
    const args = this.#links === undefined ? [this.#file] : ['resume', basename(this.dir)];
    this.#running = startChaos(['gameday', ...args, ...options]);
    const [found] = await Promise.all([this.#heardLinks(this.#running), this.#running.said('to end everything')]);
    this.#links = found;
    this.signs(true);
  }

  /** Whether the facilitator gives signs of life. */
  signs(given: boolean): void {
    clearInterval(this.#signs);
    if (given) this.#signs = setInterval(() => void this.#post('facilitator', '/here').catch(() => undefined), SIGN_MS);
  }

  /** Ends a day that is still held, as Ctrl-C does: nothing that it has broken stays so. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.signs(false);
    if (this.#running === undefined || this.#running.child.exitCode !== null) return;
    this.#running.child.kill('SIGINT');
    await this.#running.ended;
  }

  async act(role: GamedayRole, body: Readonly<Record<string, unknown>>): Promise<Response> {
    const answer = await this.#post(role, '/acts', JSON.stringify({ who: `a ${role}`, ...body }));
    if (answer.status !== 200) throw new Error(`${JSON.stringify(body)}: ${answer.status} ${await answer.text()}`);
    if (body['act'] === 'note') this.answered.push(String(body['note']));
    return answer;
  }

  kill(signal: NodeJS.Signals): Promise<Ended> {
    this.signs(false);
    this.#running?.child.kill(signal);
    return this.#running?.ended ?? Promise.reject(new Error('nothing was started'));
  }

  /** Waits for the end of the process. */
  ended(): Promise<Ended> {
    this.signs(false);
    return this.#running?.ended ?? Promise.reject(new Error('nothing was started'));
  }

  get state(): GamedayState {
    const state = gamedayState(readGamedayEvents(this.dir));
    if (state === undefined) throw new Error(`${this.dir} holds no game day`);
    return state;
  }

  get stage(): InjectStage | undefined {
    return this.state.injects[0]?.stage;
  }

  async until(isSo: (state: GamedayState) => boolean, ms = GIVE_UP_MS): Promise<void> {
    for (const end = Date.now() + ms; Date.now() < end; await delay(50)) if (isSo(this.state)) return;
    throw new Error(`the day is otherwise: ${JSON.stringify(this.state.injects)}`);
  }

  /** Brings the failure into force, whatever the day has seen before. */
  async inject(): Promise<void> {
    await this.until(({ looking }) => !looking);
    if (this.state.stage === 'opened') await this.act('facilitator', { act: 'begin', despite: 'a measurement' });
    if (this.state.stage === 'paused') await this.act('facilitator', { act: 'resume' });
    await this.arm();
    await this.until(({ injects }) => injects[0]?.stage === 'ready');
    await this.act('facilitator', { act: 'inject', inject: INJECT });
    await this.until(({ injects }) => injects[0]?.stage === 'in force');
  }

  /** The run before may still be writing its report. */
  async arm(): Promise<void> {
    for (const end = Date.now() + GIVE_UP_MS; ; await delay(250)) {
      const refused = await this.act('facilitator', { act: 'arm', inject: INJECT }).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (refused === undefined) return;
      if (Date.now() > end) throw refused as Error;
    }
  }

  async #post(role: GamedayRole, path: string, body?: string): Promise<Response> {
    const link = new URL(this.link(role));
    const token = link.hash.replace('#token=', '');
    const sent = body === undefined ? {} : { body };
    return fetch(`${link.origin}${path}`, { method: 'POST', headers: { 'x-chaos-token': token }, ...sent });
  }

  /** The links are one line of JSON on stderr. */
  #heardLinks({ child }: Running): Promise<Links> {
    return new Promise((resolve, reject) => {
      let text = '';
      child.stderr?.on('data', (part: Buffer) => {
        text += part.toString();
        const line = text.split('\n').find((one) => one.startsWith('{"links"'));
        if (line?.endsWith('}') === true) resolve(JSON.parse(line) as Links);
      });
      child.once('exit', () => reject(new Error(`the day did not begin:\n${text}`)));
    });
  }
}
