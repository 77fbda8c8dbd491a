import { shown } from './evidence.ts';
import { candidates, containerName, servicesOf } from '../aim.ts';
import type { Evidence, FaultRecord } from '../fault.ts';
import { waysOf } from '../acts/firewall.ts';
import type { DatagramCount, DatagramObserver, Observation } from '../observation.ts';
import type { PacketDirection } from '../schema.ts';
import { type Bounds, proportionBounds } from '../stats.ts';
import type { Target, TopologySpec } from '../topology.ts';

/** Milliseconds in which a rule that was just set, or is just taken away, may or may not have been there. */
const SETTLE_MS = 1_000;
/** Fewer datagrams than these before or during the fault prove nothing. */
const LEAST = 100;
/** What is lost of the datagrams of a sound way at most: a share. */
const SOUND = 0.02;
/** How far from what was asked the true share may be: two points. */
const POINTS = 0.02;

const idOf = (from: string, to: string, counts: DatagramCount): string => `${from} to ${to}: ${counts}`;

/** The containers at the other end: the first one of each of these services, or of the target's consumer. */
function peersOf(spec: TopologySpec, target: Target, from: readonly string[] | undefined): readonly string[] {
  if (from !== undefined)
    return from.flatMap((service) => servicesOf(spec, { service }).map((name) => containerName(spec, name, 1)));
  const consumers = servicesOf(spec, target).flatMap((name) => spec.services[name]?.consumer ?? []);
  return [...new Set(consumers)].map((name) => containerName(spec, name, 1));
}

/** Datagrams between every container that a target may mean and its peers, both ways: each way is counted for itself. */
export function datagramObservers(
  spec: TopologySpec,
  target: Target,
  counts: DatagramCount,
  from?: readonly string[],
): DatagramObserver[] {
  const peers = peersOf(spec, target, from);
  return candidates(spec, target).flatMap((name) =>
    peers
      .filter((peer) => peer !== name)
      .flatMap((peer) => [
        { id: idOf(peer, name, counts), from: peer, to: name, counts },
        { id: idOf(name, peer, counts), from: name, to: peer, counts },
      ]),
  );
}

interface Share {
  readonly hits: number;
  readonly of: number;
}

const sum = (seen: readonly Observation[]): Share => ({
  hits: seen.reduce((total, o) => total + (o.value ?? 0), 0),
  of: seen.reduce((total, o) => total + (o.of ?? 0), 0),
});
const inPercent = ({ hits, of }: Share): string => `${((hits / of) * 100).toFixed(1)} % of ${of}`;

/** What was asked of the ways of a direction. */
interface Asked {
  readonly direction: PacketDirection;
  readonly counts: DatagramCount;
  /** 0 to 1. */
  readonly share: number;
}

/** Effective when, of each way, the exact bounds of what was counted allow the share that was asked for, two points more or less. */
export function proveShare(record: FaultRecord, { share, ...asked }: Asked): Evidence {
  const bit = ({ lower, upper }: Bounds): boolean => lower - POINTS <= share && share <= upper + POINTS;
  const { effective, evidence } = proveWays(record, asked, bit);
  return { effective, evidence: `${evidence} (${(share * 100).toFixed(1)} % asked)` };
}

/** Effective when, of each way, some were counted beyond doubt: more than a sound way has. */
export const proveSome = (record: FaultRecord, asked: Omit<Asked, 'share'>): Evidence =>
  proveWays(record, asked, ({ lower }) => lower > SOUND);

/** Each target's datagrams, way by way: as few as nothing before, and more during, by bounds that show that it `bit`. */
function proveWays(
  record: FaultRecord,
  { direction, counts }: Omit<Asked, 'share'>,
  bit: (bounds: Bounds) => boolean,
): Evidence {
  if (record.injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
  const parts: string[] = [];
  let effective = true;
  for (const target of record.targets) {
    const ways = waysOf(direction).flatMap((way) => waysWith(record, target, way, counts));
    if (ways.length === 0) parts.push(`no datagrams were exchanged with ${target}`);
    if (ways.length === 0) return { effective: 'inconclusive', evidence: parts.join('; ') };
    for (const observer of ways) {
      const { before, during } = around(record, observer);
      if (before.of < LEAST || during.of < LEAST) {
        parts.push(`${observer}: too few datagrams, ${before.of} before and ${during.of} during`);
        return { effective: 'inconclusive', evidence: parts.join('; ') };
      }
      parts.push(`${observer} ${inPercent(before)} before, ${inPercent(during)} during`);
      if (before.hits > before.of * SOUND) return { effective: 'inconclusive', evidence: parts.join('; ') };
      const bounds = proportionBounds(during.hits, during.of);
      effective &&= bit(bounds) && bounds.lower > before.hits / before.of;
    }
  }
  if (parts.length === 0) return { effective: 'inconclusive', evidence: 'it hit nobody' };
  return shown(effective, parts.join('; '));
}

function waysWith({ observations }: FaultRecord, target: string, way: 'in' | 'out', counts: string): string[] {
  const ids = [...new Set(observations.map((o) => o.observer))].filter((id) => id.endsWith(`: ${counts}`));
  return ids.filter((id) => (way === 'in' ? id.includes(` to ${target}: `) : id.startsWith(`${target} to `)));
}

function around(record: FaultRecord, observer: string): { before: Share; during: Share } {
  const mine = record.observations.filter((o) => o.observer === observer);
  const from = (record.injected ?? Infinity) + SETTLE_MS;
  const until = (record.healing ?? Infinity) - SETTLE_MS;
  return {
    before: sum(mine.filter((o) => o.t < record.injecting - SETTLE_MS)),
    during: sum(mine.filter((o) => o.t >= from && o.t < until)),
  };
}
