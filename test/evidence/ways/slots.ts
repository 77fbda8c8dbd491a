/** A server line of HAProxy whose address is set at run time. */
interface Slot {
  readonly name: string;
  readonly address: string;
  /** A slot in maintenance is free. */
  readonly free: boolean;
}

const FORCED_MAINTENANCE = 1;

/** Reads the answer to "show servers state app" (HAProxy 2.6, format 1). */
function slotsOf(text: string): Slot[] {
  const lines = text.split('\n').map((line) => line.trim().split(' '));
  const head = lines.find(([first]) => first === '#')?.slice(1) ?? [];
  const column = (line: readonly string[], name: string): string => line[head.indexOf(name)] ?? '';
  return lines
    .filter((line) => line.length >= head.length && line[0] !== '#' && head.length > 0)
    .map((line) => ({
      name: column(line, 'srv_name'),
      address: column(line, 'srv_addr'),
      free: (Number(column(line, 'srv_admin_state')) & FORCED_MAINTENANCE) !== 0,
    }));
}

/** Returns the addresses that get requests. */
export const serving = (state: string): string[] => slotsOf(state).flatMap((s) => (s.free ? [] : [s.address]));

/** Returns the commands that give a free slot to each address that has none. Throws when there are too few. */
export function joining(state: string, addresses: readonly string[], port: number): string[] {
  const slots = slotsOf(state);
  const free = slots.filter((slot) => slot.free);
  const added = addresses.filter((address) => !serving(state).includes(address));
  if (added.length > free.length) throw new Error(`${added.length} replicas join, and ${free.length} slots are free`);
  return added.flatMap((address, i) => {
    const server = `app/${free[i]?.name ?? ''}`;
    return [`set server ${server} addr ${address} port ${port}`, `set server ${server} state ready`];
  });
}

/** Returns the commands that put the slots of all other addresses into this state. */
export const leaving = (state: string, staying: readonly string[], to: 'drain' | 'maint'): string[] =>
  slotsOf(state)
    .filter(({ free, address }) => !free && !staying.includes(address))
    .map(({ name }) => `set server app/${name} state ${to}`);
