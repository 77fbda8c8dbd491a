import type { ProxyRef } from '../../core/topology/proxy.ts';
import { protocolOf } from '../../protocols/index.ts';

/**
 * Succeeds when bytes cross the proxy. Succeeds too when the server does not answer without the proxy either: then the
 * proxy is not to blame. A server that speaks first ends the connection after its answer, so the script reads to the
 * end.
 */
const ASK = `
ask() {
  timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/$1" &&
    if [ "$3" = server ]; then
      IFS= read -r -d "" -n 1 -u 3 a && printf "$2" >&3 && cat <&3 >/dev/null
    else
      printf "$2" >&3 && IFS= read -r -d "" -n 1 -u 3 a
    fi' "$@"
}
ask 127.0.0.1 "$1" "$4" "$5" || ! ask "$2" "$3" "$4" "$5"`;

/** Exit codes of a missing program: an image that holds only Toxiproxy has no shell to test a proxy with. */
const CANNOT_TEST = [126, 127];

/** Returns bytes as a shell's printf takes them. */
const forPrintf = (bytes: Buffer): string =>
  [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');

/**
 * Returns the command that tests in Toxiproxy's own container whether bytes cross a proxy. Returns undefined when the
 * protocol has no greeting.
 */
export function crossing({ listen, upstream }: ProxyRef, protocol: string): readonly string[] | undefined {
  const { greeting, hello } = protocolOf(protocol) ?? {};
  if (greeting === undefined) return undefined;
  const port = listen.slice(listen.lastIndexOf(':') + 1);
  const cut = upstream.lastIndexOf(':');
  const [host, there] = [upstream.slice(0, cut), upstream.slice(cut + 1)];
  const first = hello === undefined ? 'client' : 'server';
  const bytes = forPrintf(greeting({ host, port: Number(there) }));
  return ['bash', '-c', ASK, 'ask', port, host, there, bytes, first];
}

/** Returns whether the command's exit code says that bytes cross, or that nobody can test it. */
export const crossed = (code: number): boolean => code === 0 || CANNOT_TEST.includes(code);
