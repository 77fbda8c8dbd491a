import type { Protocol, ProxyRef } from '../core/topology.ts';

/** As printf of a shell writes them: the first words of each protocol that are answered without a login. */
const GREETING: Readonly<Partial<Record<Protocol, string>>> = {
  postgres: String.raw`\000\000\000\010\004\322\026\057`,
  redis: String.raw`PING\r\n`,
  http: String.raw`GET / HTTP/1.0\r\n\r\n`,
};

/** Where nobody answers behind the proxy either, the proxy is not to blame. */
const ASK = `
ask() {
  timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/$1" && printf "$2" >&3 && IFS= read -r -d "" -n 1 -u 3 a' "$@"
}
ask 127.0.0.1 "$1" "$4" || ! ask "$2" "$3" "$4"`;

/** A shell's words for "there is no such program": an image that holds nothing but Toxiproxy cannot be asked. */
const CANNOT_LOOK = [126, 127];

/** The command by which Toxiproxy's own container asks across a proxy; undefined where the protocol has no question. */
export function crossing({ listen, upstream }: ProxyRef, protocol: Protocol): readonly string[] | undefined {
  const greeting = GREETING[protocol];
  if (greeting === undefined) return undefined;
  const port = listen.slice(listen.lastIndexOf(':') + 1);
  const cut = upstream.lastIndexOf(':');
  return ['bash', '-c', ASK, 'ask', port, upstream.slice(0, cut), upstream.slice(cut + 1), greeting];
}

export const crossed = (code: number): boolean => code === 0 || CANNOT_LOOK.includes(code);
