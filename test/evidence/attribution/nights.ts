import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../../harness/core/random.ts';
import type { Attribution } from '../../../harness/core/suite/attribution.ts';
import { ROOT } from '../../helpers/chaos.ts';

/** What is done to a night. `both`: a regression, and a hog beside it. `sound`: nothing. */
export const TROUBLES = ['sound', 'hog', 'killed', 'disk', 'regression', 'both'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** How the system under test is brought up. Nights with the same release follow one another. */
export interface Release {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** Images that differ from the compose file's, by service. */
  readonly images: Readonly<Record<string, string>>;
  readonly faults: readonly object[];
  readonly rate: string;
}

/** A hog: processes of normal priority that do nothing but use a core. */
export interface Hog {
  readonly processes: number;
  /** The phase with which it begins. It ends with the load. */
  readonly from: 'warmup' | 'fault';
}

export interface Night {
  readonly trouble: Trouble;
  readonly release: Release;
  readonly seed: number;
  readonly hog?: Hog;
  /** When the runner is killed, or the disk becomes full: milliseconds after the warm-up began. */
  readonly afterMs?: number;
}

const KILL = [{ kill: { service: 'app', replica: 2 } }];
const RATE = '200/s';
const SOUND: Release = { name: 'sound', env: {}, images: {}, faults: KILL, rate: RATE };
/** Each takes a protection away, or is broken. Two are noticed in the fault, the third already in the baseline. */
const REGRESSIONS: readonly Release[] = [
  {
    name: 'the balancer asks no second replica',
    env: { CHAOS_BALANCER_FAILOVER: 'off' },
    images: {},
    faults: KILL,
    rate: RATE,
  },
  {
    name: 'a pool of one connection',
    env: { CHAOS_DB_POOL_SIZE: '1' },
    images: {},
    faults: [{ latency: { link: 'app-to-primary', latency: '50ms' } }],
    rate: '278/s',
  },
  {
    name: 'a release that answers 500',
    env: {},
    images: { app: 'chaos/app:${CHAOS_IMAGE_TAG:-dev}-answers-500' },
    faults: KILL,
    rate: RATE,
  },
];

/** Every run lasts at least so long after its warm-up began, milliseconds: four phases of 10 s, and the healing. */
const LASTS_MS = 40_000;
const CORES = 2;

/** To whom each red night must be attributed. Two troubles at once may be told apart, or not; the host alone is wrong. */
const RIGHT: Readonly<Record<Trouble, readonly Attribution['to'][]>> = {
  sound: ['host', 'harness', 'unknown'],
  hog: ['host'],
  killed: ['harness'],
  disk: ['host'],
  regression: ['system'],
  both: ['system', 'unknown'],
};

/** Whether a night was attributed as it must be. `to`: undefined when the run passed, and nobody was blamed. */
export function isRight({ trouble }: Pick<Night, 'trouble'>, to: Attribution['to'] | undefined): boolean {
  // A hog that the system bears is no red night. A regression that passes was overlooked.
  if (to === undefined) return trouble === 'sound' || trouble === 'hog';
  return RIGHT[trouble].includes(to);
}

/** Whether a real fault of the system was blamed on something else. */
export const isCalledFlake = ({ trouble }: Pick<Night, 'trouble'>, to: Attribution['to'] | undefined): boolean =>
  (trouble === 'regression' || trouble === 'both') && to !== 'system' && to !== 'unknown';

/** Draws the nights by their seeds: `count` of each trouble, and fewer of the controls. Those of one release follow one another. */
export function drawNights(wanted: readonly Trouble[], count: number, random: Random): readonly Night[] {
  const times: Readonly<Record<Trouble, number>> = {
    sound: Math.min(3, count),
    hog: count,
    killed: count,
    disk: count,
    regression: count,
    both: Math.ceil(count / 5),
  };
  const nights = TROUBLES.filter((one) => wanted.includes(one)).flatMap((trouble) =>
    Array.from({ length: times[trouble] }, (_, i) => nightOf(trouble, i, random)),
  );
  const order = [SOUND, ...REGRESSIONS];
  return nights.toSorted((a, b) => order.indexOf(a.release) - order.indexOf(b.release));
}

function nightOf(trouble: Trouble, i: number, random: Random): Night {
  const seed = 1 + Math.floor(random() * 1_000_000);
  const regression = REGRESSIONS[i % REGRESSIONS.length] ?? SOUND;
  const night = { trouble, seed, release: SOUND };
  if (trouble === 'sound') return night;
  if (trouble === 'regression') return { ...night, release: regression };
  if (trouble === 'killed' || trouble === 'disk') return { ...night, afterMs: random() * LASTS_MS };
  const hog: Hog = {
    processes: CORES * (2 + Math.floor(random() * 3)),
    from: i % 2 === 0 ? 'warmup' : 'fault',
  };
  if (trouble === 'hog') return { ...night, hog };
  // A regression that is noticed in the fault shows only in a run that comes so far.
  return { ...night, hog: { ...hog, from: 'fault' }, release: REGRESSIONS[0] ?? SOUND };
}

/** Writes the compose files of a release, and returns them. */
export function filesOf({ images }: Release, folder: string): readonly string[] {
  const file = join(ROOT, 'docker-compose.chaos.yml');
  if (Object.keys(images).length === 0) return [file];
  const over = join(folder, 'release.yml');
  const services = Object.entries(images).map(([service, image]) => [service, { image }]);
  writeFileSync(over, JSON.stringify({ services: Object.fromEntries(services) }));
  return [file, over];
}

/** Writes the experiment of a night: four phases of 10 s, and limits that the requests of such a phase can decide. */
export function experimentOf({ release, trouble, seed }: Night, folder: string): string {
  const file = join(folder, `${trouble}-${seed}.yaml`);
  const judged = { during: ['baseline', 'fault', 'recovery'] };
  writeFileSync(
    file,
    JSON.stringify({
      title: `A night: ${trouble}`,
      topology: filesOf(release, folder),
      load: { workload: join(ROOT, 'experiments/workloads/saturday.yaml'), rate: release.rate },
      phases: { warmup: '10s', baseline: '10s', fault: '10s', recovery: '10s' },
      faults: release.faults,
      hypotheses: [
        { latency: { p95: '200ms', ...judged } },
        { errors: { below: '1%', ...judged } },
        { acknowledged_writes: { lost: 0 } },
      ],
      seed,
    }),
  );
  return file;
}
