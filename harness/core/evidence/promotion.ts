import type { Command } from '../command.ts';
import { shown, soundBefore, split, tally, tooLittle, valuesOf } from './evidence.ts';
import type { Evidence, FaultRecord } from '../fault.ts';
import type { CommandObserver } from '../observation.ts';

const CONFIG = '/etc/patroni/patroni.yml';
const CLUSTER = `$(sed -n 's/^scope: *//p' ${CONFIG})`;
/** A change of roles may take longer than what is usually seen of a fault: these looks after it are enough. */
const LEAST = 3;

/** Where the router leads: the address of the node that accepts writes, as a number. */
export const PRIMARY: CommandObserver = {
  id: 'the node that accepts writes',
  command: { sql: `select inet_server_addr() - '0.0.0.0' where not pg_is_in_recovery()` },
  everyMs: 500,
};

/** Asks Patroni, who answers when it is done: its own tool ends with 0 where it refused. In one of its containers. */
export const askPatroni = (container: string, request: string): Command => ({
  in: container,
  user: 'postgres',
  run: [
    'sh',
    '-c',
    `said=$(patronictl -c ${CONFIG} ${request} --force 2>&1); echo "$said"; case "$said" in *Successfully*) ;; *) exit 1;; esac`,
  ],
});

/** Withdraws a request that has not been met yet; there mostly is none. */
export const withdrawRequest = (container: string): Command => ({
  in: container,
  user: 'postgres',
  run: ['sh', '-c', `patronictl -c ${CONFIG} flush "${CLUSTER}" switchover --force || true`],
});

/** An address as `PRIMARY` tells it: its four bytes as one number. */
const numberOf = (ip: string): number => ip.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);

/** Evidence that the node that was hit accepts writes at the end, or no longer does. */
export function provePromotion(record: FaultRecord, wanted: 'accepts' | 'no longer accepts'): Evidence {
  const seen = split(record, PRIMARY.id);
  const doubt = tooLittle(record, seen) ?? soundBefore(seen);
  if (doubt !== undefined) return doubt;
  const addresses = new Set(record.states.flatMap((s) => Object.values(s.networks).map(({ ip }) => numberOf(ip))));
  if (addresses.size === 0) return { effective: 'inconclusive', evidence: 'the address of the target was never seen' };
  const last = valuesOf(seen.during).slice(-LEAST);
  const asked = `asked through the router: ${tally(seen.during)} in force`;
  if (last.length < LEAST) return { effective: 'inconclusive', evidence: `no primary was seen for long; ${asked}` };
  const accepts = last.filter((node) => addresses.has(node)).length;
  const evidence = `of the last ${LEAST} answers of a node that accepts writes ${accepts} came from ${record.targets.join()}; ${asked}`;
  return shown(accepts === (wanted === 'accepts' ? LEAST : 0), evidence);
}
