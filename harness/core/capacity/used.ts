import type { Targets } from '../certificate/statements.ts';
import type { Used } from './events.ts';
import type { Limit } from './knee.ts';

/** Returns the limits of processors and connections that a step exceeded. */
export function exceededOf(
  { cpu = {}, connections }: NonNullable<Targets['limits']>,
  used: readonly Used[],
): readonly Exclude<Limit, 'latency' | 'errors'>[] {
  const isOver = ({ what, of, share }: Used): boolean => share > ((what === 'cpu' ? cpu[of] : connections) ?? Infinity);
  const over = used.filter(isOver);
  return [
    ...(over.some(({ what }) => what === 'cpu') ? (['cpu'] as const) : []),
    ...(over.some(({ what }) => what === 'connections') ? (['pool'] as const) : []),
  ];
}
