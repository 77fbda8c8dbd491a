import type { Invalidity } from '../../core/record/events.ts';
import { leftAt } from '../../core/record/found.ts';
import { eventsOf, type History, mayHaveChanged } from '../../core/record/history.ts';
import type { AuditMoment, Residue } from '../../core/topology/residue.ts';

/** Recovery is judged between these two audits for residue. */
const AFTER_HEALING: AuditMoment = 'at the end of the heal phase';
const AFTER_ALL: AuditMoment = 'at the end of the run';

/**
 * Gate: recovery must be measured on a system without residue. Residue that was repaired later counts too. The record
 * must hold the snapshot from before the first fault, and both audits must have compared the world with it: a system
 * that was not compared does not count as put back.
 */
export function putBackGate(history: History): Invalidity[] {
  if (!mayHaveChanged(history)) return [];
  // A run that was made before there were snapshots says nothing about comparing. It is judged without a comparison.
  const compares = eventsOf(history, 'run.started')[0]?.compares === true;
  const looks = compares ? [AFTER_HEALING, AFTER_ALL] : [];
  return [
    ...(compares ? noSnapshot(history) : []),
    ...looks.flatMap((at) => notCompared(history, at)),
    ...residueInRecovery(history),
  ];
}

function noSnapshot(history: History): Invalidity[] {
  const begun = Math.min(...history.faults.map(({ injecting }) => injecting));
  if (eventsOf(history, 'snapshot').some(({ t }) => t <= begun)) return [];
  return [{ code: 'CHAOS_NOT_COMPARED', message: 'the record has no snapshot from before the first fault' }];
}

function notCompared(history: History, at: AuditMoment): Invalidity[] {
  if (eventsOf(history, 'audited').some((event) => event.at === at && event.compared)) return [];
  const message = `${at} the system was not compared with what it was before the first fault`;
  return [{ code: 'CHAOS_NOT_COMPARED', message }];
}

function residueInRecovery(history: History): Invalidity[] {
  const left = leftAt(history, AFTER_HEALING) ?? [];
  const found = eventsOf(history, 'audited').find((event) => event.at === AFTER_ALL)?.found ?? [];
  const known = new Set(left.map(inWords));
  return [
    ...left.map((one) => residue(`the recovery phase began with residue: ${inWords(one)}`)),
    ...found
      .filter((one) => !known.has(inWords(one)))
      .map((one) => residue(`residue was found ${AFTER_ALL}, and not before: ${inWords(one)}`)),
  ];
}

const residue = (message: string): Invalidity => ({ code: 'CHAOS_RESIDUE_FOUND', message });
const inWords = ({ kind, target }: Residue): string => `${kind} ${target}`;
