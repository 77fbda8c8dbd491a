/**
 * A command, and the place where it is carried out. Containers are given by name and not by id, so a container that was
 * made again under its old name is found too. A command reaches containers of the topology only.
 */
export type Command =
  /** In a running container, as root or as `user`. It may take `ms` milliseconds, 10 s when nothing else is said. */
  | { readonly in: string; readonly run: readonly string[]; readonly user?: string; readonly ms?: number }
  /** In a helper that shares the network namespace of a container and may change it with iptables, tc and ip. */
  | { readonly beside: string; readonly run: readonly string[] }
  /**
   * In a helper with the rights of the engine's host. $PID is the container's main process; 0 when it is not running.
   */
  | { readonly outside: string; readonly run: readonly string[] }
  /** On the current primary of the database. */
  | { readonly sql: string }
  | { readonly redis: readonly string[] }
  /** `docker compose` with these arguments, on the host, for the project of the topology and no other. */
  | { readonly compose: readonly string[] };

/** Returns the name of the container with which the place of a command goes. Undefined for SQL, Redis and Compose. */
export function containerOf(command: Command): string | undefined {
  if ('in' in command) return command.in;
  if ('beside' in command) return command.beside;
  return 'outside' in command ? command.outside : undefined;
}

/** Returns a word quoted for a POSIX shell, when it needs quotes. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
const line = (words: readonly string[]): string => words.map(quoted).join(' ');

/**
 * Returns a command by which a container asks itself by HTTP, with bash alone. `pipeline` is the shell pipeline that
 * turns the answer into a number.
 */
export const askItself = (container: string, port: number, path: string, pipeline: string): Command => ({
  in: container,
  run: [
    'bash',
    '-c',
    `exec 3<>/dev/tcp/127.0.0.1/${port} && printf 'GET ${path} HTTP/1.0\r\n\r\n' >&3 && ${pipeline} <&3`,
  ],
});

/** Returns the place that a command changes, for people: "chaos-app-1", "the network of chaos-app-1", "the primary". */
function placeOf(command: Command): string {
  if ('in' in command) return command.in;
  if ('beside' in command) return `the network of ${command.beside}`;
  if ('outside' in command) return `the cgroup of ${command.outside}`;
  if ('compose' in command) return 'the host';
  return 'sql' in command ? 'the primary' : 'Redis';
}

/** Returns a command line for people. A shell script with a name shows its name and arguments, and not its text. */
const readableRun = (run: readonly string[]): string =>
  (run[0] === 'sh' || run[0] === 'bash') && run[1] === '-c' && run.length > 3 ? line(run.slice(3)) : line(run);

const composeLine = (args: readonly string[]): string => line(['docker', 'compose', ...args]);

/** Returns one line for people: the command and its place. */
export function describeCommand(command: Command): string {
  if ('compose' in command) return `${composeLine(command.compose)} (on ${placeOf(command)})`;
  const text = 'sql' in command ? command.sql : 'redis' in command ? line(command.redis) : readableRun(command.run);
  return `${text} (in ${placeOf(command)})`;
}

/** The addresses with which a person carries out a command by hand. */
export interface CommandPlaces {
  /** `database` and `redis` are URLs. Printed lines leave out the password. */
  readonly database?: string | undefined;
  readonly redis?: string | undefined;
  readonly toolsImage: string;
}

/** Returns the shell command with which a person carries out the command by hand. */
export function manualCommand(command: Command, places: CommandPlaces): string {
  if ('in' in command) return line(['docker', 'exec', '-u', command.user ?? 'root', command.in, ...command.run]);
  if ('beside' in command) {
    const net = `container:${command.beside}`;
    return line(['docker', 'run', '--rm', '--cap-add', 'NET_ADMIN', '--net', net, places.toolsImage, ...command.run]);
  }
  if ('outside' in command) {
    const pid = `PID=$(docker inspect -f '{{.State.Pid}}' ${command.outside})`;
    return `docker run --rm --privileged --pid host --cgroupns host -v /:/host:ro -v /sys/fs/cgroup:/cgroup ${places.toolsImage} env ${pid} ${line(command.run)}`;
  }
  if ('compose' in command) return composeLine(command.compose);
  if ('sql' in command) return line(['psql', ...at(places.database), '-c', command.sql]);
  const { redis } = places;
  return line(['redis-cli', ...(redis === undefined ? [] : ['-u']), ...at(redis), ...command.redis]);
}

/** Returns the URL without its password. The person who types the command knows it, and other readers must not. */
function at(url: string | undefined): string[] {
  if (url === undefined) return [];
  const parsed = new URL(url);
  parsed.password = '';
  return [parsed.toString()];
}
