import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Deed, Life, LifeListener } from '../../core/topology/life.ts';
import type { EngineCalls } from './engine/calls.ts';
import { PROJECT_LABEL, SERVICE_LABEL } from './helpers.ts';

/** Milliseconds until the engine is asked again when it has ended the stream, or could not be asked. */
const AGAIN_MS = 500;
/** The engine's actions that are told. A health check is several actions a second, and none of these. */
const ACTIONS = ['create', 'start', 'health_status', 'kill', 'die', 'destroy'] as const;
/** Signals by which a process is asked to end, and not ended. */
const ASKED: readonly string[] = ['15', '2', '3', 'SIGTERM', 'SIGINT', 'SIGQUIT'];

interface EngineEvent {
  readonly Action?: string;
  readonly timeNano?: number;
  readonly Actor?: { readonly Attributes?: Readonly<Record<string, string>> };
}

const DONE: Readonly<Record<string, Deed>> = {
  create: 'created',
  start: 'started',
  'health_status: healthy': 'healthy',
  'health_status: unhealthy': 'unhealthy',
  die: 'ended',
  destroy: 'removed',
};

/** Returns what an event of the engine says of a container; undefined for an event that says nothing of it. */
export function lifeOf({ Action: action = '', timeNano = NaN, Actor: actor }: EngineEvent): Life | undefined {
  const { name = '', signal = '', [SERVICE_LABEL]: service = '' } = actor?.Attributes ?? {};
  const did = action === 'kill' ? (ASKED.includes(signal) ? 'asked to end' : undefined) : DONE[action];
  return did === undefined || service === '' ? undefined : { t: timeNano / 1e6, container: name, service, did };
}

/**
 * Tells what becomes of the containers of a project, from now on, as the engine tells it. When the engine ends the stream
 * (it restarts, say), it is asked again from the last event on. What happened while it was down is not told: the listener
 * hears when the engine tells nothing.
 */
export function followLives(engine: EngineCalls, project: string, { onLife, onTold }: LifeListener): AsyncDisposable {
  const over = new AbortController();
  let end: () => unknown = () => undefined;
  /** Epoch nanoseconds. */
  let last = Date.now() * 1e6;
  let told = false;

  function heed(line: string): void {
    const event = parsed(line);
    if (event?.timeNano === undefined || event.timeNano <= last) return;
    last = event.timeNano;
    const life = lifeOf(event);
    if (life !== undefined) onLife(life);
  }

  async function follow(): Promise<void> {
    while (!over.signal.aborted) {
      try {
        const filters = { type: ['container' as const], event: [...ACTIONS], label: [`${PROJECT_LABEL}=${project}`] };
        const since = last / 1e9;
        const stream = (await engine.call('events', () => engine.docker.getEvents({ since, filters }))) as Readable;
        onTold((told = true), Date.now());
        const lines = createInterface({ input: stream });
        // Lines do not end when their stream is destroyed.
        end = () => [lines.close(), stream.destroy()];
        stream.on('error', end);
        // Lines that are closed before anybody reads them never end.
        if (over.signal.aborted) end();
        else for await (const line of lines) heed(line);
      } catch {
        // The engine is away.
      }
      if (told && !over.signal.aborted) onTold((told = false), Date.now());
      await delay(AGAIN_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  }

  const following = follow();
  return {
    async [Symbol.asyncDispose]() {
      over.abort();
      end();
      await following;
    },
  };
}

function parsed(line: string): EngineEvent | undefined {
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    return undefined;
  }
}
