import { formatDuration } from '../../core/duration.ts';

/** A simulation, in the form of `autoscale simulate --json`. */
export interface Simulated {
  readonly title: string;
  readonly simulated_s: number;
  readonly policies: readonly {
    readonly name: string;
    readonly slo_broken_s: number;
    readonly first_broken_s: number | null;
    readonly most_replicas: number;
    readonly replica_hours: number;
    readonly flaps: number;
    readonly refused: number;
    readonly mends: readonly {
      readonly change: string;
      readonly slo_broken_s: number;
      readonly replica_hours: number;
    }[];
  }[];
}

const HOUR_S = 3_600;

/** "16 h 00 min"; below an hour as every duration. */
export const virtualTime = (seconds: number): string =>
  seconds < HOUR_S
    ? formatDuration(seconds * 1_000)
    : `${Math.floor(seconds / HOUR_S)} h ${String(Math.round((seconds % HOUR_S) / 60)).padStart(2, '0')} min`;

const missed = (seconds: number): string => (seconds === 0 ? 'never' : virtualTime(seconds));

export const POLICY_HEAD = [
  'policy',
  'objective missed for',
  'first',
  'refused',
  'most replicas',
  'replica-hours',
  'flaps',
] as const;

export const policyRows = ({ policies }: Simulated): readonly (readonly string[])[] =>
  policies.map((p) => [
    p.name,
    missed(p.slo_broken_s),
    p.first_broken_s === null ? '' : `after ${virtualTime(p.first_broken_s)}`,
    `${(p.refused * 100).toFixed(2)} %`,
    String(p.most_replicas),
    p.replica_hours.toFixed(1),
    String(p.flaps),
  ]);

/** How many changes are told for one policy: the best. */
const MOST_MENDS = 3;

export const MEND_HEAD = ['policy', 'change', 'objective missed for', 'replica-hours'] as const;

/** What would mend each policy that misses the objective. */
export const mendRows = ({ policies }: Simulated): readonly (readonly string[])[] =>
  policies.flatMap(({ name, mends }) =>
    mends
      .slice(0, MOST_MENDS)
      .map((mend) => [name, mend.change, missed(mend.slo_broken_s), mend.replica_hours.toFixed(1)]),
  );
