import { setTimeout as delay } from 'node:timers/promises';
import type { Stack } from '../../helpers/stack.ts';
import { joining, leaving, serving } from './slots.ts';
import { inContainerOf, type Way } from './way.ts';

/** Milliseconds in which requests that are on their way to a leaving replica end. */
const ON_THEIR_WAY_MS = 1_000;
const APP_PORT = 3_000;

/** Asks HAProxy by its socket for run-time commands, which listens within the container only. */
const ASK = 'exec 3<>/dev/tcp/127.0.0.1/9999 && printf "%s\\n" "$1" >&3 && cat <&3';
const haproxy = (stack: Stack, commands: readonly string[]): Promise<string> =>
  inContainerOf('balancer', stack, ['bash', '-c', ASK, 'ask', commands.join(';')]);
const slotsNow = (stack: Stack): Promise<string> => haproxy(stack, ['show servers state app']);

const reload = (stack: Stack, addresses: readonly string[]): Promise<string> =>
  inContainerOf('nginx', stack, ['set-upstreams', ...addresses]);

/** nginx balances over the replicas itself: one image, three ways. */
const byNginx = (name: string): Pick<Way, 'folder' | 'env'> => ({
  folder: 'nginx',
  env: { CHAOS_WAY: name },
});

export const WAYS: readonly Way[] = [
  {
    name: 'nginx-reload',
    title: 'nginx, reloaded at each change',
    ...byNginx('reload'),
    async joined(stack, addresses) {
      await reload(stack, addresses);
    },
    async leaving(stack, staying) {
      await reload(stack, staying);
      await delay(ON_THEIR_WAY_MS);
    },
  },
  { name: 'nginx-names', title: 'nginx, a name that it resolves again and again', ...byNginx('names') },
  { name: 'nginx-lua', title: 'nginx, a balancer in Lua', ...byNginx('lua') },
  {
    name: 'haproxy-slots',
    title: "HAProxy's runtime API, told at each change",
    folder: 'haproxy-slots',
    async joined(stack, addresses) {
      const commands = joining(await slotsNow(stack), addresses, APP_PORT);
      if (commands.length > 0) await haproxy(stack, commands);
      const serves = serving(await slotsNow(stack));
      const missing = addresses.filter((address) => !serves.includes(address));
      if (missing.length > 0) throw new Error(`HAProxy did not take ${missing.join(', ')}`);
    },
    async leaving(stack, staying) {
      const state = await slotsNow(stack);
      await haproxy(stack, leaving(state, staying, 'drain'));
      await delay(ON_THEIR_WAY_MS);
      await haproxy(stack, leaving(state, staying, 'maint'));
    },
  },
  { name: 'as-shipped', title: "HAProxy by the engine's names, as the topology ships" },
];
