import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../core/clock.ts';
import { ChaosError } from '../../core/errors.ts';
import { readAct } from '../../core/gameday/acts.ts';
import { type GamedayRole, type GamedayView, ROLES, VIEWS } from '../../core/gameday/gameday.ts';
import { visibleTo } from '../../core/gameday/visible.ts';
import { answerJson, answerPage, refuse, type ServedPage } from '../serving/answers.ts';
import { readBody } from '../serving/body.ts';
import { Channel } from '../serving/channel.ts';
import { type Handler, LocalServer } from '../serving/local-server.ts';
import type { GamedayEngine } from './engine.ts';
import type { Look } from './telemetry.ts';
import { roleOf, type Tokens } from './tokens.ts';

interface GamedayServerOptions {
  readonly address: string;
  /** 0: any free port. */
  readonly port: number;
  readonly names?: readonly string[];
  readonly pages: Readonly<Record<GamedayView, ServedPage>>;
  readonly tokens: Tokens;
  readonly clock: Clock;
  /** Returns the text of a runbook of the day; undefined when there is none with this name. */
  runbook(name: string): string | undefined;
  /** Returns the facilitator's sheet; undefined when there is none. */
  sheet(): string | undefined;
  /** How long a viewer may take nothing, milliseconds. */
  readonly stalledMs?: number;
}

type ForRole = (
  role: GamedayRole,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
) => void | Promise<void>;

/** Serves the pages of a game day. What a page gets depends on its token alone. */
export class GamedayServer implements AsyncDisposable {
  readonly #options: GamedayServerOptions;
  readonly #channels: Readonly<Record<GamedayRole, Channel>>;
  readonly #server: LocalServer;
  readonly #sent = new Map<GamedayRole, string>();
  #engine: GamedayEngine | undefined;
  #listening: Disposable | undefined;

  constructor(options: GamedayServerOptions) {
    this.#options = options;
    const channel = (role: GamedayRole): Channel =>
      new Channel({ greeting: () => this.#greeting(role), stalledMs: options.stalledMs });
    this.#channels = Object.fromEntries(ROLES.map((role) => [role, channel(role)])) as Record<GamedayRole, Channel>;
    this.#server = new LocalServer({
      ...options,
      pages: Object.fromEntries(
        VIEWS.map((view): [string, Handler] => [
          `GET /${view}`,
          (_request, response) => answerPage(response, options.pages[view]),
        ]),
      ),
      asks: {
        'GET /stream': this.#forRole((role, request, response, url) => this.#stream(role, request, response, url)),
        'POST /acts': this.#forRole((role, request, response) => this.#act(role, request, response)),
        'POST /here': this.#forRole((role, _request, response) => {
          this.#engine?.here(role);
          response.writeHead(204).end();
        }),
        'GET /runbook': this.#forRole((_role, _request, response, url) =>
          answerText(response, options.runbook(url.searchParams.get('name') ?? '')),
        ),
        'GET /sheet': this.#forRole((role, _request, response) =>
          role === 'facilitator'
            ? answerText(response, options.sheet())
            : refuse(response, 403, 'the sheet is for the facilitator'),
        ),
      },
      channels: Object.values(this.#channels),
      pulse: () => {
        for (const role of ROLES) this.#channels[role].tell('pulse', this.#pulse());
      },
    });
  }

  /** Returns the port. Throws CHAOS_PORT_TAKEN or CHAOS_WRONG_VALUE when the server cannot listen there. */
  listen(): Promise<number> {
    return this.#server.listen();
  }

  /** Serves a game day from now on. */
  serve(engine: GamedayEngine): void {
    this.#engine = engine;
    this.#listening = engine.onChange(() => this.#tellDay());
    this.#tellDay();
  }

  /** Returns how many pages of a role are open. */
  open(role: GamedayRole): number {
    return this.#channels[role].viewers;
  }

  /** Shows another run. */
  show({ full, others }: Look): void {
    for (const role of ROLES) this.#channels[role].show(role === 'facilitator' ? full : others);
  }

  /** There is more of the run that is shown. */
  added(): void {
    for (const role of ROLES) this.#channels[role].added();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listening?.[Symbol.dispose]();
    await this.#server[Symbol.asyncDispose]();
  }

  #forRole(handle: ForRole): Handler {
    return (request, response, url) => {
      const role = roleOf(request, this.#options.tokens);
      if (role === undefined)
        return answerError(
          response,
          401,
          'CHAOS_GAMEDAY_ROLE',
          'the token is missing or wrong',
          'Open the page by its link.',
        );
      return handle(role, request, response, url);
    };
  }

  #pulse(): unknown {
    return { now: Math.round(this.#options.clock.now()), gameday: this.#engine?.state.gameday ?? null };
  }

  #greeting(role: GamedayRole): readonly (readonly [string, unknown])[] {
    const pulse = ['pulse', this.#pulse()] as const;
    return this.#engine === undefined ? [pulse] : [pulse, ['day', visibleTo(role, this.#engine.state)]];
  }

  /** Tells each role what has changed for it. Who sees no change gets no message, which would tell that there was one. */
  #tellDay(): void {
    if (this.#engine === undefined) return;
    for (const role of ROLES) {
      const day = visibleTo(role, this.#engine.state);
      const text = JSON.stringify(day);
      if (this.#sent.get(role) === text) continue;
      this.#sent.set(role, text);
      this.#channels[role].tell('day', day);
    }
  }

  #stream(role: GamedayRole, request: IncomingMessage, response: ServerResponse, url: URL): void {
    this.#engine?.here(role);
    this.#channels[role].open(request, response, url);
  }

  async #act(role: GamedayRole, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const act = body === undefined ? 'write one JSON object of 64 KB at most' : readAct(body);
    if (typeof act === 'string') return answerError(response, 400, 'CHAOS_GAMEDAY_ACT', act, 'See docs/gamedays.md.');
    const engine = this.#engine;
    if (engine === undefined)
      return answerError(
        response,
        409,
        'CHAOS_GAMEDAY_STATE',
        'the game day is not open yet',
        'Try again in a moment.',
      );
    try {
      const seq = engine.act(role, act);
      // The number counts what is hidden.
      answerJson(response, 200, { ok: true, seq: role === 'facilitator' ? seq : null });
    } catch (error) {
      if (!(error instanceof ChaosError)) throw error;
      const status = error.code === 'CHAOS_GAMEDAY_ROLE' ? 403 : error.code === 'CHAOS_GAMEDAY_STATE' ? 409 : 500;
      answerError(response, status, error.code, error.message, error.hint);
    }
  }
}

const answerError = (response: ServerResponse, status: number, code: string, message: string, hint: string): void =>
  answerJson(response, status, { error: { code, message, hint } });

function answerText(response: ServerResponse, text: string | undefined): void {
  if (text === undefined) return refuse(response, 404, 'there is no such text');
  response.writeHead(200, { 'Content-Type': 'text/markdown; charset=utf-8' }).end(text);
}
