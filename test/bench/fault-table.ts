import { HEALTH_EVERY_MS, type Life } from './fault-life.ts';
import { rowsOf } from './section.ts';

const COLUMNS = ['fault', 'bit', 'decision to effect ms', 'undo to healed ms', 'a look each ms', 'seen by'];
const whole = (ms: number | undefined): string => (ms === undefined ? '–' : `${Math.round(ms)}`);

/** A row for each fault: its two moments, and how well they are known. */
export function lifeTable(lives: readonly Life[], skipped: readonly string[]): string {
  const bit = lives.filter(({ proof }) => proof.effective === 'effective').length;
  const parts = [
    rowsOf(COLUMNS, lives.map(rowOf)),
    `${bit} of ${lives.length} bit by their own evidence. A time is from the decision (the beginning of the undo) to the first look that ` +
      'shows the fault (after which all that had shown it are as before): an upper bound, by as much as lies between two looks. ' +
      '≤: no single look shows it; its evidence as a whole was enough by then. ' +
      `*: what changed stays so (another primary, lost keys), or no single look showed it: until the topology is healthy, asked each ${HEALTH_EVERY_MS} ms once the undo is done.`,
    ...lives.flatMap(({ fault, proof }) =>
      proof.effective === 'effective' ? [] : [`- ${fault}: ${proof.effective}: ${proof.evidence}`],
    ),
    `Not tried, since this machine has not what they need: ${skipped.length}${skipped.length === 0 ? '' : `, ${skipped.join(', ')}`}.`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function rowOf({ fault, proof, toProof, bite, toHealthy }: Life): string[] {
  const effective = proof.effective === 'effective';
  const toEffect = effective ? (bite === undefined ? `≤ ${whole(toProof)}` : whole(bite.toEffect)) : '–';
  const toHealed = bite?.toHealed === undefined ? `${whole(toHealthy)} *` : whole(bite.toHealed);
  return [fault, effective ? 'yes' : proof.effective, toEffect, toHealed, whole(bite?.everyMs), bite?.seenBy ?? ''];
}
