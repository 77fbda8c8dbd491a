import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../core/clock.ts';
import type { RunbookSection } from '../../../core/runbook/runbook.ts';
import { type Decision, readAnswer, type WalkState, type WalkStep } from '../../../core/runbook/walk.ts';
import { answerPage, refuse, type ServedPage } from '../../serving/answers.ts';
import { readBody } from '../../serving/body.ts';
import { Channel } from '../../serving/channel.ts';
import { hasToken } from '../../serving/guard.ts';
import { type Handler, LocalServer } from '../../serving/local-server.ts';
import type { Face } from './walk.ts';

/** Commands run as root in containers: only this machine reaches the page. */
const ADDRESS = '127.0.0.1';

interface WalkServerOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly page: ServedPage;
  /** What everybody must send who watches or decides: what commands print may be for few eyes. */
  readonly token: string;
  /** The text of the runbook, without secrets. */
  readonly sections: readonly RunbookSection[];
  readonly clock: Pick<Clock, 'wall'>;
  /** The person wants the walk to end. */
  end(): void;
}

/** The page of a walk: serves it, tells it what has changed, and takes what the person decides. */
export class WalkServer implements Face, AsyncDisposable {
  readonly #options: WalkServerOptions;
  readonly #channel: Channel;
  readonly #server: LocalServer;
  #state: WalkState | undefined;
  /** The step that the person is asked about. */
  #asked: { readonly step: string; readonly answer: (decision: Decision) => void } | undefined;

  constructor(options: WalkServerOptions) {
    this.#options = options;
    this.#channel = new Channel({ greeting: () => this.#greeting() });
    this.#server = new LocalServer({
      address: ADDRESS,
      port: options.port,
      pages: { 'GET /': (_request, response) => answerPage(response, options.page) },
      asks: {
        'GET /stream': this.#withToken((request, response, url) => this.#channel.open(request, response, url)),
        'POST /decisions': this.#withToken((request, response) => this.#take(request, response)),
        'POST /end': this.#withToken((_request, response) => {
          options.end();
          response.writeHead(204).end();
        }),
      },
      channels: [this.#channel],
      pulse: () => this.#channel.tell('pulse', this.#pulse()),
    });
  }

  /** Returns the port. Throws CHAOS_PORT_TAKEN. */
  listen(): Promise<number> {
    return this.#server.listen();
  }

  /** How many pages are open. */
  get viewers(): number {
    return this.#channel.viewers;
  }

  changed(state: WalkState): void {
    this.#state = state;
    this.#channel.tell('walk', state);
  }

  decide({ name }: WalkStep): Promise<Decision> {
    return new Promise((answer) => {
      this.#asked = { step: name, answer };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }

  #withToken(handle: Handler): Handler {
    return (request, response, url) =>
      hasToken(request, this.#options.token)
        ? handle(request, response, url)
        : refuse(response, 401, 'the token is missing or wrong');
  }

  #pulse(): unknown {
    return { now: this.#options.clock.wall() };
  }

  #greeting(): readonly (readonly [string, unknown])[] {
    const about = this.#state === undefined ? [] : [['walk', this.#state] as const];
    return [['pulse', this.#pulse()], ['sections', this.#options.sections], ...about];
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = readAnswer(await readBody(request));
    if (typeof answer === 'string') return refuse(response, 400, answer);
    const asked = this.#asked;
    // Somebody who presses twice, or on an old page, means a step that is no longer asked about.
    if (asked?.step !== answer.step || this.#state?.summary !== null)
      return refuse(response, 409, `the walk does not ask about "${answer.step}" now`);
    this.#asked = undefined;
    response.writeHead(204).end();
    asked.answer(answer.decision);
  }
}
