import { shown } from './evidence.ts';
import { candidates, containerName, servicesOf } from '../../core/topology/aim.ts';
import type { Evidence, FaultRecord } from '../../core/kinds/fault.ts';
import { waysOf } from '../acts/firewall.ts';
import {
  type DatagramCount,
  type DatagramObserver,
  isDatagram,
  type Observation,
} from '../../core/record/observation.ts';
import type { PacketDirection } from '../schema.ts';
import { type Bounds, proportionBounds } from '../../core/stats.ts';
import type { Target } from '../../core/topology/aim.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';

/**
 * Datagrams within this many milliseconds of the beginning or the end of a fault do not count: the rule may have been
 * there or not.
 */
const SETTLE_MS = 1_000;
/** Fewer datagrams than this before or during the fault prove nothing. */
const LEAST = 100;
/** On a sound way, at most this share of the datagrams is lost, repeated or late. */
const SOUND = 0.02;
/** The true share may differ from the requested share by two percentage points. */
const POINTS = 0.02;

const idOf = (from: string, to: string, counts: DatagramCount): string => `${from} to ${to}: ${counts}`;

/** The containers at the other end: the first container of each service in `from`, or else of the target's consumer. */
function peersOf(spec: TopologySpec, target: Target, from: readonly string[] | undefined): readonly string[] {
  if (from !== undefined)
    return from.flatMap((service) => servicesOf(spec, { service }).map((name) => containerName(spec, name, 1)));
  const consumers = servicesOf(spec, target).flatMap((name) => spec.services[name]?.consumer ?? []);
  return [...new Set(consumers)].map((name) => containerName(spec, name, 1));
}

/** Observers of datagrams between every container that a target may select and its peers. Each way has its own. */
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

/** What the fault should do to the datagrams of a direction. */
interface Asked {
  readonly direction: PacketDirection;
  readonly counts: DatagramCount;
  /** 0 to 1. */
  readonly share: number;
}

/**
 * Effective when, on each way, the exact bounds of the share contain the requested share, two percentage points more or
 * less.
 */
export function proveShare(record: FaultRecord, { share, ...asked }: Asked): Evidence {
  const bit = ({ lower, upper }: Bounds): boolean => lower - POINTS <= share && share <= upper + POINTS;
  const { effective, evidence } = proveWays(record, asked, bit);
  return { effective, evidence: `${evidence} (${(share * 100).toFixed(1)} % asked for)` };
}

/** Effective when, on each way, the lower bound of the share is above 2 %: a sound way has at most so much. */
export const proveSome = (record: FaultRecord, asked: Omit<Asked, 'share'>): Evidence =>
  proveWays(record, asked, ({ lower }) => lower > SOUND);

/**
 * Judges the datagrams of each target, way by way. Before the fault the way must be sound. During the fault the share
 * must be larger, and its bounds must satisfy `bit`.
 */
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
        parts.push(`${observer}: too few datagrams, ${before.of} before the fault and ${during.of} during it`);
        return { effective: 'inconclusive', evidence: parts.join('; ') };
      }
      parts.push(`${observer} ${inPercent(before)} before the fault, ${inPercent(during)} during it`);
      if (before.hits > before.of * SOUND) return { effective: 'inconclusive', evidence: parts.join('; ') };
      const bounds = proportionBounds(during.hits, during.of);
      effective &&= bit(bounds) && bounds.lower > before.hits / before.of;
    }
  }
  if (parts.length === 0) return { effective: 'inconclusive', evidence: 'the fault hit no container' };
  return shown(effective, parts.join('; '));
}

/** Returns the ids of the observers that counted a target's datagrams on one way. */
function waysWith(
  { observers, observations }: FaultRecord,
  target: string,
  way: 'in' | 'out',
  counts: DatagramCount,
): string[] {
  const seen = new Set(observations.map((o) => o.observer));
  return observers
    .filter(isDatagram)
    .filter((o) => o.counts === counts && (way === 'in' ? o.to : o.from) === target && seen.has(o.id))
    .map(({ id }) => id);
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
