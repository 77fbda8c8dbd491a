import type { Invalidity } from '../../core/record/events.ts';
import type { History } from '../../core/record/history.ts';

/** Gate: the record must be able to show that nobody changed it, and every line of it must be readable. */
export function closedGate({ seal, torn }: Pick<History, 'seal' | 'torn'>): Invalidity[] {
  const unsealed = 'the record has version 1, which has no seal: nothing shows whether it was changed';
  const [line] = torn;
  const lines = torn.length === 1 ? `line ${line}` : `${torn.length} lines, the first is line ${line}`;
  return [
    ...(seal === 'before seals' ? [{ code: 'CHAOS_RECORD_UNSEALED', message: unsealed }] : []),
    ...(line === undefined
      ? []
      : [{ code: 'CHAOS_RECORD_DAMAGED', message: `events.ndjson cannot be read whole: ${lines}` }]),
  ];
}
