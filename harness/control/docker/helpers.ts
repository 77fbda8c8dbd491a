import { Writable } from 'node:stream';
import type { Container } from 'dockerode';
import { isAlive, processId } from '../../disk/process-id.ts';
import { eachLine } from './container-log.ts';
import type { EngineCalls } from './engine/calls.ts';
import type { Said } from './exec.ts';
import { tar, type TarFile } from './tar.ts';

export const PROJECT_LABEL = 'com.docker.compose.project';
export const SERVICE_LABEL = 'com.docker.compose.service';
export const ONE_OFF_LABEL = 'com.docker.compose.oneoff';
/** Marks the harness's helper containers. The value is the project for which a helper works. */
export const HELPER_LABEL = 'chaos.helper';
/** The process for which a helper works: "4711 187326", its number and the time of its start. */
const OWNER_LABEL = 'chaos.owner';
/**
 * Compose labels the images that it builds with project and service. Without these empty labels, a helper made from an
 * image of Compose would look like a container of the service.
 */
export const NOT_OF_COMPOSE = { [PROJECT_LABEL]: '', [SERVICE_LABEL]: '' };
/** Milliseconds that a helper's command may take. */
const ONCE_MS = 15_000;
/** Milliseconds that a helper gets to end its connections to the servers that it asked. */
const GOODBYE_MS = 1_000;

export interface HelperOptions {
  readonly image: string;
  readonly project: string;
  /** The id of the run. */
  readonly ofRun: string;
  /** The container whose network namespace is shared, or the network on which the helper has an address of its own. */
  readonly net: { readonly of: string } | { readonly network: string };
  /** Files that are put into the helper, by their paths from its root, and the command that uses them. */
  readonly files: readonly TarFile[];
  readonly run: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A helper that runs one command and is then removed. */
export interface OnceOptions {
  readonly image: string;
  readonly project: string;
  readonly run: readonly string[];
  /**
   * What the helper may reach. `netns`: the network of this container, with the right to change it. 'alone': a
   * network of its own, with the right to change it. 'host': the host's processes and control groups, the host's
   * files for reading, and no network.
   */
  readonly as: { readonly netns: string } | 'alone' | 'host';
}

/**
 * Helper containers beside the containers of the topology. They observe from a consumer's side, change a network from
 * within, or act with the host's rights.
 */
export class Helpers {
  readonly #engine: EngineCalls;

  constructor(engine: EngineCalls) {
    this.#engine = engine;
  }

  /**
   * Starts a helper in a container's network namespace or on a network. It ends when its input closes, and the engine
   * removes it then, so it cannot outlive the process that started it. `onLine` receives each line that it prints.
   */
  async watch(options: HelperOptions, onLine: (line: string) => void): Promise<AsyncDisposable> {
    const container = await this.#engine.call('create helper', () =>
      this.#engine.docker.createContainer({
        Image: options.image,
        Cmd: [...options.run],
        Env: Object.entries(options.env).map(([key, value]) => `${key}=${value}`),
        Labels: {
          ...NOT_OF_COMPOSE,
          [HELPER_LABEL]: options.project,
          [OWNER_LABEL]: owner(),
          'chaos.run': options.ofRun,
        },
        OpenStdin: true,
        StdinOnce: true,
        AttachStdin: true,
        AttachStdout: true,
        Entrypoint: [],
        Healthcheck: { Test: ['NONE'] },
        HostConfig: {
          NetworkMode: 'of' in options.net ? `container:${options.net.of}` : options.net.network,
          AutoRemove: true,
          Memory: 128 * 1024 * 1024,
          LogConfig: { Type: 'none', Config: {} },
        },
      }),
    );
    await this.#engine.call('fill helper', () => container.putArchive(tar(options.files), { path: '/' }));
    const stream = await this.#engine.call('attach helper', () =>
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
    await this.#engine.call('start helper', () => container.start(), 'info');
    return {
      [Symbol.asyncDispose]: async () => {
        // The engine removes a helper that has ended. This waits for the removal, so that no helper is left behind.
        const removed = () => container.wait({ condition: 'removed' });
        const gone = this.#engine.call('end of helper', removed, 'debug', GOODBYE_MS).then(
          () => true,
          () => false,
        );
        stream.end();
        if (!(await gone)) await this.#engine.idempotent('remove helper', () => container.remove({ force: true }));
      },
    };
  }

  /**
   * Returns a project's helpers that belong to no living process of this machine. A living process still needs its
   * helper: the helper runs one command, or observes for a run at work. Helpers that the engine is removing are left
   * out.
   */
  async left(project: string): Promise<{ id: string; name: string }[]> {
    const filters = { label: [`${HELPER_LABEL}=${project}`] };
    return this.#engine.call('list helpers', async () =>
      (await this.#engine.docker.listContainers({ all: true, filters }))
        .filter((c) => c.State !== 'removing' && !isOwned(c.Labels[OWNER_LABEL]))
        .map((c) => ({ id: c.Id, name: (c.Names[0] ?? c.Id).replace(/^\//, '') })),
    );
  }

  /** Sends SIGKILL to a process, by its number on the host. */
  async killFromHost(image: string, project: string, pid: number): Promise<void> {
    await this.once({ image, project, run: ['kill', '-KILL', String(pid)], as: 'host' });
  }

  /** Runs one command to its end. Returns its output and exit code, also when the code is not 0. */
  async once({ image, project, run, as }: OnceOptions): Promise<Said> {
    const container = await this.#engine.call('create helper', () =>
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
      await this.#engine.call(`helper: ${run.join(' ').slice(0, 80)}`, () => container.start(), 'info');
      const code = await this.#engine.call('end of helper', () => exitCodeOf(container), 'debug', ONCE_MS);
      const text = async (stream: 'stdout' | 'stderr'): Promise<string> => {
        const lines: string[] = [];
        const wanted = { follow: false, stdout: stream === 'stdout', stderr: stream === 'stderr' } as const;
        eachLine(await this.#engine.call('output of helper', () => container.logs(wanted)), (line) => lines.push(line));
        return lines.join('\n');
      };
      return { code, stdout: await text('stdout'), stderr: await text('stderr') };
    } finally {
      await this.#engine.idempotent('remove helper', () => container.remove({ force: true }));
    }
  }
}

async function exitCodeOf(container: Container): Promise<number> {
  const { StatusCode: code } = (await container.wait()) as { StatusCode: number };
  return code;
}

function owner(): string {
  const { pid, started } = processId(process.pid);
  return `${pid} ${started}`;
}

/** Returns whether the owner in a label lives on this machine. False without a label, and for an owner elsewhere. */
function isOwned(label: string | undefined): boolean {
  const [pid, started = ''] = label?.split(' ') ?? [];
  return pid !== undefined && isAlive({ pid: Number(pid), started });
}
