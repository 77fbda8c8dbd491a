/**
 * One command and where it is carried out. Containers are named, not numbered: one that was made again under its old
 * name is meant too. Only containers of the topology are ever touched.
 */
export type Command =
  /** In a running container itself, as root unless `user` says otherwise. */
  | { readonly in: string; readonly run: readonly string[]; readonly user?: string }
  /** In a helper that shares a container's network namespace and may change it: iptables, tc, ip. */
  | { readonly beside: string; readonly run: readonly string[] }
  /** In a helper with the rights of the engine's host, that is told the container's main process as $PID (0: it is not running). */
  | { readonly outside: string; readonly run: readonly string[] }
  /** On the node of the database that is the primary at that moment. */
  | { readonly sql: string }
  | { readonly redis: readonly string[] };

/** In a POSIX shell, a word that stands for itself. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
const line = (words: readonly string[]): string => words.map(quoted).join(' ');

/** A container asks itself by HTTP, without a tool for it, and a shell pipeline makes a number of the answer. */
export const askItself = (container: string, port: number, path: string, pipeline: string): Command => ({
  in: container,
  run: [
    'bash',
    '-c',
    `exec 3<>/dev/tcp/127.0.0.1/${port} && printf 'GET ${path} HTTP/1.0\r\n\r\n' >&3 && ${pipeline} <&3`,
  ],
});

/** What a command changes, so that one who looks can tell where: "chaos-app-1", "the network of chaos-app-1", "the primary". */
export function placeOf(command: Command): string {
  if ('in' in command) return command.in;
  if ('beside' in command) return `the network of ${command.beside}`;
  if ('outside' in command) return `the cgroup of ${command.outside}`;
  return 'sql' in command ? 'the primary' : 'Redis';
}

/** A script that was given a name is told by it and its words, not by its text. */
const told = (run: readonly string[]): string =>
  (run[0] === 'sh' || run[0] === 'bash') && run[1] === '-c' && run.length > 3 ? line(run.slice(3)) : line(run);

/** One line for people. */
export function describeCommand(command: Command): string {
  const text = 'sql' in command ? command.sql : 'redis' in command ? line(command.redis) : told(command.run);
  return `${text} (in ${placeOf(command)})`;
}

/** Where a person reaches what a command is about. */
export interface CommandPlaces {
  /** URLs, without a password. */
  readonly database: string;
  readonly redis: string;
  readonly toolsImage: string;
}

/** The line with which a person does the same by hand. */
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
  if ('sql' in command) return line(['psql', withoutPassword(places.database), '-c', command.sql]);
  return line(['redis-cli', '-u', withoutPassword(places.redis), ...command.redis]);
}

/** The person who types it knows the password, and who reads over the shoulder need not. */
function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.password = '';
  return parsed.toString();
}
