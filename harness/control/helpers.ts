import { Writable } from 'node:stream';
import { isAlive, processId } from '../core/process-id.ts';
import { eachLine } from './container-log.ts';
import type { EngineCalls } from './engine-calls.ts';
import type { Said } from './exec.ts';

export const PROJECT_LABEL = 'com.docker.compose.project';
export const SERVICE_LABEL = 'com.docker.compose.service';
/** Marks helper containers of ours; the value is the project they look at. */
export const HELPER_LABEL = 'chaos.helper';
/** Whose one command a helper carries out: "4711 187326", the process and the time of its start. */
const OWNER_LABEL = 'chaos.owner';
/** Compose labels the images that it builds with the project and the service: a container of ours would pass for one of theirs. */
const NOT_OF_COMPOSE = { [PROJECT_LABEL]: '', [SERVICE_LABEL]: '' };
/** Milliseconds that a helper's command may take. */
const ONCE_MS = 15_000;

export interface HelperOptions {
  readonly image: string;
  readonly project: string;
  readonly run: string;
  /** Container whose network namespace is shared. */
  readonly netns: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A helper that runs one command and is gone. */
export interface OnceOptions {
  readonly image: string;
  readonly project: string;
  readonly run: readonly string[];
  /** Whose namespaces and rights: a container's network and the right to change it, none at all, or the whole host's. */
  readonly as: { readonly netns: string } | 'alone' | 'host';
}

/** Containers of ours beside the topology's: they look from a consumer's side, or change a network from within. */
export class Helpers {
  readonly #engine: EngineCalls;

  constructor(engine: EngineCalls) {
    this.#engine = engine;
  }

  /**
   * Starts a helper that shares a container's network namespace and removes itself when its input closes, so that it
   * cannot outlive whoever started it. `onLine` gets what it prints.
   */
  async watch(options: HelperOptions, onLine: (line: string) => void): Promise<AsyncDisposable> {
    const container = await this.#engine.call(
      'create helper',
      this.#engine.docker.createContainer({
        Image: options.image,
        Cmd: ['node', '--input-type=module', '-e', options.script],
        Env: Object.entries(options.env).map(([key, value]) => `${key}=${value}`),
        Labels: { ...NOT_OF_COMPOSE, [HELPER_LABEL]: options.project, 'chaos.run': options.run },
        OpenStdin: true,
        StdinOnce: true,
        AttachStdin: true,
        AttachStdout: true,
        Entrypoint: [],
        Healthcheck: { Test: ['NONE'] },
        HostConfig: {
          NetworkMode: `container:${options.netns}`,
          AutoRemove: true,
          Memory: 128 * 1024 * 1024,
          LogConfig: { Type: 'none', Config: {} },
        },
      }),
    );
    const stream = await this.#engine.call(
      'attach helper',
      container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true }),
    );
    let pending = '';
    const sink = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        pending += chunk.toString('utf8');
        const lines = pending.split('\n');
        pending = lines.pop() ?? '';
        lines.forEach(onLine);
        done();
      },
    });
    const complaints = new Writable({ write: (_chunk, _encoding, done) => done() });
    container.modem.demuxStream(stream, sink, complaints);
    stream.on('error', () => undefined);
    await this.#engine.call('start helper', container.start(), 'info');
    return {
      [Symbol.asyncDispose]: async () => {
        stream.end();
        await this.#engine.idempotent('remove helper', container.remove({ force: true }));
      },
    };
  }

  /** Helpers of a project, but those that carry out one command for a process that lives: they are gone in a moment. */
  async left(project: string): Promise<{ id: string; name: string }[]> {
    const filters = { label: [`${HELPER_LABEL}=${project}`] };
    const found = await this.#engine.call('list helpers', this.#engine.docker.listContainers({ all: true, filters }));
    return found
      .filter((c) => !isOwned(c.Labels[OWNER_LABEL]))
      .map((c) => ({ id: c.Id, name: (c.Names[0] ?? c.Id).replace(/^\//, '') }));
  }

  /** SIGKILL of a process by its number on the host, from the host's process namespace. */
  async killFromHost(image: string, project: string, pid: number): Promise<void> {
    await this.once({ image, project, run: ['kill', '-KILL', String(pid)], as: 'host' });
  }

  /** Runs one command to its end; its exit code is the caller's to judge. */
  async once({ image, project, run, as }: OnceOptions): Promise<Said> {
    const container = await this.#engine.call(
      'create helper',
      this.#engine.docker.createContainer({
        Image: image,
        Cmd: [...run],
        Entrypoint: [],
        User: '0',
        Labels: { ...NOT_OF_COMPOSE, [HELPER_LABEL]: project, [OWNER_LABEL]: owner() },
        Healthcheck: { Test: ['NONE'] },
        HostConfig: {
          ...(as === 'host'
            ? {
                PidMode: 'host',
                CgroupnsMode: 'host',
                Privileged: true,
                NetworkMode: 'none',
                Binds: ['/:/host:ro', '/sys/fs/cgroup:/cgroup'],
              }
            : { NetworkMode: as === 'alone' ? 'none' : `container:${as.netns}`, CapAdd: ['NET_ADMIN'] }),
          Memory: 128 * 1024 * 1024,
        },
      }),
    );
    try {
      await this.#engine.call(`helper: ${run.join(' ').slice(0, 80)}`, container.start(), 'info');
      const { StatusCode: code } = (await this.#engine.call('end of helper', container.wait(), 'debug', ONCE_MS)) as {
        StatusCode: number;
      };
      const text = async (stream: 'stdout' | 'stderr'): Promise<string> => {
        const lines: string[] = [];
        const asked = { follow: false, stdout: stream === 'stdout', stderr: stream === 'stderr' } as const;
        eachLine(await this.#engine.call('output of helper', container.logs(asked)), (line) => lines.push(line));
        return lines.join('\n');
      };
      return { code, stdout: await text('stdout'), stderr: await text('stderr') };
    } finally {
      await this.#engine.idempotent('remove helper', container.remove({ force: true }));
    }
  }
}

function owner(): string {
  const { pid, started } = processId(process.pid);
  return `${pid} ${started}`;
}

/** One whose owner is on another machine has none here: it is taken for left, as one without a label. */
function isOwned(label: string | undefined): boolean {
  const [pid, started = ''] = label?.split(' ') ?? [];
  return pid !== undefined && isAlive({ pid: Number(pid), started });
}
