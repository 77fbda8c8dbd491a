import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { Site } from './certificates.ts';
import { type SmallDisk, smallDisk } from './full-disk.ts';

/** Debian keeps the programs of each version here, and not on PATH. */
const DEBIAN = '/usr/lib/postgresql';
/** A PostgreSQL refuses to run as root. So root lends it the rights of "nobody". */
const NOBODY = 65_534;
/** The temporary folder of the tests is closed to every other user. This one is in memory. */
const BASE = '/dev/shm';
const PASSWORD = 'planted@results/pw';

/** Returns the folder with the programs of a PostgreSQL of this machine; undefined when there is none. */
export function postgresHere(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : [];
  const folders = [...versions.toSorted().reverse(), ...(process.env['PATH'] ?? '').split(':')];
  return folders.find((folder) => ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))));
}

export interface LocalOptions {
  /** The server speaks TLS with this certificate. */
  readonly site?: Site;
  /** The data is on a disk of its own with so many KiB, where this user may mount one. */
  readonly diskKib?: number;
}

/** A PostgreSQL that runs without a container, for one test file. Only a test reaches it, on 127.0.0.1. */
export class LocalPostgres implements AsyncDisposable {
  readonly url: string;
  /** Undefined without `diskKib`, and where this user may not mount. */
  readonly disk: SmallDisk | undefined;
  readonly #bin: string;
  readonly #dir: string;
  readonly #args: readonly string[];
  #server: ChildProcess | undefined;

  private constructor(bin: string, dir: string, port: number, options: LocalOptions) {
    const { site, diskKib } = options;
    this.#bin = bin;
    this.#dir = dir;
    this.url = `postgres://results:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`;
    this.disk = diskKib === undefined ? undefined : smallDisk(diskKib, dir, OWNER);
    const settings = {
      listen_addresses: '127.0.0.1,127.0.0.2',
      port,
      unix_socket_directories: '',
      fsync: 'off',
      shared_buffers: '16MB',
      ...(site === undefined ? {} : this.#certificate(site)),
    };
    this.#args = ['-D', this.#data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  }

  static async start(bin: string, options: LocalOptions = {}): Promise<LocalPostgres> {
    const dir = mkdtempSync(join(BASE, 'chaos-postgres-'));
    own(dir);
    const postgres = new LocalPostgres(bin, dir, await freePort(), options);
    const password = join(dir, 'password');
    writeFileSync(password, PASSWORD);
    own(password);
    const as = ['--auth=scram-sha-256', '--username=results', `--pwfile=${password}`];
    const how = ['--no-sync', '--wal-segsize=1', '--encoding=UTF8', '--locale=C'];
    execFileSync(join(bin, 'initdb'), [`--pgdata=${postgres.#data}`, ...as, ...how], { ...IDENTITY, stdio: 'ignore' });
    await postgres.up();
    return postgres;
  }

  get #data(): string {
    return join(this.disk?.dir ?? this.#dir, 'data');
  }

  #certificate({ pem }: Site): Readonly<Record<string, string>> {
    const file = join(this.#dir, 'site.pem');
    writeFileSync(file, pem, { mode: 0o600 });
    own(file);
    return { ssl: 'on', ssl_cert_file: file, ssl_key_file: file };
  }

  /** Starts the server when it does not run. Resolves when it accepts connections. */
  async up(): Promise<void> {
    if (this.#server?.exitCode === null) return;
    const server = spawn(join(this.#bin, 'postgres'), this.#args, { ...IDENTITY, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#server = server;
    let said = '';
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`postgres has ended:\n${said}`)));
    await promise;
  }

  /** Ends the server: in order, or as a crash does ("immediate"). */
  async down(how: 'fast' | 'immediate' = 'fast'): Promise<void> {
    const server = this.#server;
    if (server?.exitCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down('immediate');
    this.disk?.[Symbol.dispose]();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

const OWNER = process.geteuid?.() === 0 ? NOBODY : undefined;
const IDENTITY = OWNER === undefined ? { cwd: '/' } : { uid: OWNER, gid: OWNER, cwd: '/' };
const own = (path: string): void => (OWNER === undefined ? undefined : chownSync(path, OWNER, OWNER));

/** Returns a port of 127.0.0.1 that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
