import type { Command } from '../../core/topology/command.ts';
import { shown, soundBefore, split, tally, tooLittle, valuesOf } from './evidence.ts';
import type { Evidence, FaultRecord } from '../../core/kinds/fault.ts';
import type { CommandObserver } from '../../core/record/observation.ts';

const CONFIG = '/etc/patroni/patroni.yml';
const CLUSTER = `$(sed -n 's/^scope: *//p' ${CONFIG})`;
/** The last readings during the fault decide, this many: a change of roles takes up much of the time before them. */
const LEAST = 3;

/** Reads through the router the address of the node that accepts writes, as a number. */
export const PRIMARY: CommandObserver = {
  id: 'the node that accepts writes',
  command: { sql: `select inet_server_addr() - '0.0.0.0' where not pg_is_in_recovery()` },
  everyMs: 500,
};

/**
 * Sends a request to Patroni in one of its containers, and waits until it is done. Patroni's own tool exits with 0 even
 * when Patroni refused, so its text decides.
 */
export const askPatroni = (container: string, request: string): Command => ({
  in: container,
  user: 'postgres',
  run: [
    'sh',
    '-c',
    `text=$(patronictl -c ${CONFIG} ${request} --force 2>&1); echo "$text"; case "$text" in *Successfully*) ;; *) exit 1;; esac`,
  ],
});

/** Withdraws a request that Patroni has not carried out yet. Mostly there is none. */
export const withdrawRequest = (container: string): Command => ({
  in: container,
  user: 'postgres',
  run: ['sh', '-c', `patronictl -c ${CONFIG} flush "${CLUSTER}" switchover --force || true`],
});

/** An address in the form that `PRIMARY` reads: its four bytes as one number. */
const numberOf = (ip: string): number => ip.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);

/** Evidence that the target accepts writes at the end of the fault (`accepts`), or no longer accepts them. */
export function provePromotion(record: FaultRecord, wanted: 'accepts' | 'no longer accepts'): Evidence {
  const seen = split(record, PRIMARY.id);
  const doubt = tooLittle(record, seen) ?? soundBefore(seen);
  if (doubt !== undefined) return doubt;
  const addresses = new Set(record.states.flatMap((s) => Object.values(s.networks).map(({ ip }) => numberOf(ip))));
  if (addresses.size === 0) return { effective: 'inconclusive', evidence: 'the address of the target was never read' };
  const last = valuesOf(seen.during).slice(-LEAST);
  const asked = `asked through the router during the fault: ${tally(seen.during)}`;
  if (last.length < LEAST) {
    const evidence = `fewer than ${LEAST} answers came from a node that accepts writes; ${asked}`;
    return { effective: 'inconclusive', evidence };
  }
  const accepts = last.filter((node) => addresses.has(node)).length;
  const from = record.targets.join();
  const evidence = `${accepts} of the last ${LEAST} answers of a node that accepts writes came from ${from}; ${asked}`;
  return shown(accepts === (wanted === 'accepts' ? LEAST : 0), evidence);
}
