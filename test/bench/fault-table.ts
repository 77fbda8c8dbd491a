import { HEALTH_EVERY_MS, type Life } from './fault-life.ts';
import { rowsOf } from './section.ts';

const COLUMNS = ['fault', 'bit', 'decision to effect ms', 'undo to healed ms', 'between readings ms', 'seen by'];
const whole = (ms: number | undefined): string => (ms === undefined ? '–' : `${Math.round(ms)}`);

/** A row for each fault: its two times, and how exact they are. */
export function lifeTable(lives: readonly Life[], skipped: readonly string[]): string {
  const bit = lives.filter(({ proof }) => proof.effective === 'effective').length;
  const parts = [
    rowsOf(COLUMNS, lives.map(rowOf)),
    `${bit} of ${lives.length} faults bit by their own evidence. "Decision to effect" ends at the first reading that shows the fault. ` +
      '"Undo to healed" runs from the beginning of the undo until everything that showed the fault is as before. Each may be too long by the time between two readings. ' +
      '≤: no single reading shows the fault, but its evidence as a whole was enough by then. ' +
      `*: the change stays (another primary, lost keys), or no single reading showed the fault. Then the time ends when the topology is healthy, which is asked every ${HEALTH_EVERY_MS} ms after the undo.`,
    ...lives.flatMap(({ fault, proof }) =>
      proof.effective === 'effective' ? [] : [`- ${fault}: ${proof.effective}: ${proof.evidence}`],
    ),
    `Not tried, because this machine lacks what they need: ${skipped.length}${skipped.length === 0 ? '' : `, ${skipped.join(', ')}`}.`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function rowOf({ fault, proof, toProof, bite, toHealthy }: Life): string[] {
  const effective = proof.effective === 'effective';
  const toEffect = effective ? (bite === undefined ? `≤ ${whole(toProof)}` : whole(bite.toEffect)) : '–';
  const toHealed = bite?.toHealed === undefined ? `${whole(toHealthy)} *` : whole(bite.toHealed);
  return [fault, effective ? 'yes' : proof.effective, toEffect, toHealed, whole(bite?.everyMs), bite?.seenBy ?? ''];
}
