import { isIP } from 'node:net';
import { getPriority, networkInterfaces, setPriority } from 'node:os';
import { ChaosError } from '../../core/errors.ts';
import type { World } from '../../core/world.ts';
import { cataloguesFor, clock, knownPlacesOfTopology, versionOf } from '../../main.ts';
import { tokenIn } from '../../modes/serving/token.ts';
import { Watch, type WatchParts } from '../../modes/watch/watch.ts';
import { livePage } from '../../reporters/html/live/page.ts';
import { describeEvent } from '../../reporters/wording/describe-event.ts';
import { orderEnd } from '../../session/order-end.ts';
import { stateFolder } from '../../session/places.ts';

export const DEFAULT_PORT = 17_077;
/** How long the page can still be asked when the run is over, milliseconds: so every viewer gets the verdict. */
export const LINGER_MS = 10_000;

/** A run that was ordered to end is looked at for this long, milliseconds. Then its order stays, and the run may still read it. */
const ENDS_MS = 150_000;
/** A page beside a run gets the processor after the run. */
const BEHIND = 5;

/** Ends early when the signal is aborted. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> => clock.sleep(ms, signal).catch(() => undefined);

/** A page that can be asked. */
export interface Serving extends AsyncDisposable {
  readonly watch: Watch;
  readonly port: number;
  /** The link with the token. */
  readonly url: string;
  /** The link without it, for people who only watch. */
  readonly shared: string;
  /** What the user should know. */
  readonly warning?: string | undefined;
}

interface Where {
  readonly address: string;
  readonly port: number;
  readonly names: readonly string[];
  /** Take any free port when this one is in use. */
  readonly otherPort?: true;
  /** The process is there for the page alone, beside a run. */
  readonly behind?: true;
}

/** Returns a port as a user writes it. Throws CHAOS_WRONG_VALUE. */
export function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new ChaosError('CHAOS_WRONG_VALUE', {
    what: `"${text}" is no port`,
    hint: 'Write a number from 0 to 65535: --port 17077.',
    exit: 'bad-input',
  });
}

/** Begins to serve the live page. It shows nothing yet. Throws CHAOS_PORT_TAKEN or CHAOS_WRONG_VALUE. */
export async function openWatch({ address, port, names, otherPort, behind }: Where, world: World): Promise<Serving> {
  assertAddress(address);
  // A process that is further behind already may not come forward.
  if (behind === true && getPriority() < BEHIND) setPriority(BEHIND);
  const parts = await watchParts(world);
  const begun = async (port: number): Promise<{ watch: Watch; port: number }> => {
    const watch = new Watch(parts, { address, port, names });
    return { watch, port: await watch.listen() };
  };
  const open = await begun(port).catch((error: unknown) => {
    if (otherPort === true && error instanceof ChaosError && error.code === 'CHAOS_PORT_TAKEN') return begun(0);
    throw error;
  });
  const shared = `http://${reached(address, names)}:${open.port}/`;
  return {
    ...open,
    shared,
    url: `${shared}#token=${parts.token}`,
    warning: warningOf(address),
    [Symbol.asyncDispose]: () => open.watch[Symbol.asyncDispose](),
  };
}

async function watchParts(world: World): Promise<WatchParts> {
  // A record may come from elsewhere: no code runs because of a path in it.
  const { series } = await cataloguesFor([], world.cwd);
  return {
    series,
    clock,
    describe: describeEvent,
    page: livePage(versionOf(world.root)),
    token: tokenIn(stateFolder(world.env)),
    endRun: (run, project) => void orderEnd(knownPlacesOfTopology(project, world.env), run, ENDS_MS, clock),
  };
}

/** Throws CHAOS_WRONG_VALUE when an address that viewers reach is none. */
export function assertAddress(address: string): void {
  if (isIP(address) !== 0 || address === 'localhost') return;
  throw new ChaosError('CHAOS_WRONG_VALUE', {
    what: `"${address}" is no address`,
    hint: 'Write an address of this machine: --listen 127.0.0.1, or --listen 0.0.0.0 for all. Names belong to --name.',
    exit: 'bad-input',
  });
}

/** Returns what a user should know who listens on an address. */
export const warningOf = (address: string): string | undefined =>
  isLoopback(address) ? undefined : 'everybody who reaches this machine can watch; nothing is encrypted';

const isLoopback = (address: string): boolean =>
  address === 'localhost' || address === '::1' || address.startsWith('127.');

/** Returns the name or address by which viewers reach this machine. */
export function reached(address: string, [name]: readonly string[]): string {
  if (name !== undefined) return name;
  const any = address === '0.0.0.0' || address === '::';
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((one) => one !== undefined && !one.internal && one.family === 'IPv4');
  const found = any ? (outside?.address ?? '127.0.0.1') : address;
  return isIP(found) === 6 ? `[${found}]` : found;
}
