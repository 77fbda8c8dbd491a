import { join } from 'node:path';
import type { CapacityAsked } from '../../core/capacity/asked.ts';
import { kneeOptionsOf } from '../../core/capacity/condition.ts';
import type { StepPurpose, Used } from '../../core/capacity/events.ts';
import { KneeSearch } from '../../core/capacity/knee.ts';
import { judgeStep } from '../../core/capacity/step.ts';
import { exceededOf } from '../../core/capacity/used.ts';
import { type CertifiedCapacity, FULL } from '../../core/certificate/statements.ts';
import type { Clock } from '../../core/clock.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { faultsOf } from '../../core/plan/steps.ts';
import { candidates } from '../../core/topology/aim.ts';
import { evidenceOf, type OfferedStep } from '../knee/evidence.ts';
import { type AskedStep, carryOutSearch, type SearchEvidence } from '../knee/search.ts';
import { WARM_UP_MS } from '../knee/warm-up.ts';
import type { CapacityRecord } from './capacity-record.ts';
import type { LightLoad } from './light-load.ts';

/** A step as the generator is asked for it. */
export interface OfferAsked {
  /** Requests a second. */
  readonly ratePerS: number;
  readonly ms: number;
  /** The step is left when it surely misses the objective. */
  readonly leaves: boolean;
  /** The folder that keeps its requests. Undefined: they are not kept. */
  readonly keep: string | undefined;
  readonly seed: number;
  readonly signal: AbortSignal;
}

export interface ConditionParts {
  readonly clock: Clock;
  readonly offer: (step: OfferAsked) => Promise<OfferedStep>;
  /** Resolves with the share of the connections of each server that is open. Empty when nobody can say. */
  readonly connections: () => Promise<readonly Used[]>;
  readonly say: (line: string) => void;
}

interface ConditionOptions {
  readonly asked: CapacityAsked;
  readonly condition: string;
  readonly plan: Plan;
  /** What was found without any fault. Undefined under the full condition. */
  readonly full: Pick<CertifiedCapacity, 'low' | 'high'> | undefined;
  readonly light: LightLoad;
  readonly record: CapacityRecord;
  /** Aborts when the phase of the run is over, or the run is ended. */
  readonly signal: AbortSignal;
}

/** After a step that was too much, jobs and retries go on. The next step begins this much later, milliseconds. */
const RECOVERY_MS = 5_000;
/** The system is warmed up for so long before the first step, milliseconds. Caches are empty when a run begins. */
const WARM_MS = 10_000;
/** A search ends so long before the phase that it goes on in, milliseconds. */
const SPARE_MS = 2_000;
/** Past the knee, these multiples of it are offered, each for so long. Milliseconds. */
const BEYOND = [1.1, 1.25, 1.5, 2];
const BEYOND_MS = 10_000;
/** Connections are counted so often, milliseconds. */
const COUNT_MS = 2_000;

/** Searches the knee under one condition, beside a run that keeps the condition, and records each step. */
export async function searchCondition(options: ConditionOptions, parts: ConditionParts): Promise<void> {
  const { asked, condition, plan, full, light, record, signal } = options;
  const { clock, say } = parts;
  const phaseMs = condition === FULL ? asked.fullMs : plan.phases.fault;
  const begun = clock.now();
  const first = faultsOf(plan.faults).filter(({ at }) => at === 0);
  await light.injected(
    first.map(({ id }) => id),
    signal,
  );
  await light.settled(signal);
  const knee = kneeOptionsOf(asked, condition, full);
  await parts.offer({
    ratePerS: knee.fromPerS / 2,
    ms: WARM_MS,
    leaves: true,
    keep: undefined,
    seed: asked.seed,
    signal,
  });
  const steps = new Steps(options, parts, begun);
  const recovered = async (): Promise<void> => {
    await clock.sleep(RECOVERY_MS, signal);
    await light.settled(signal);
  };
  const search = new KneeSearch(knee);
  const until = begun + phaseMs - SPARE_MS;
  await carryOutSearch(
    search,
    { objective: asked.objective, begun, until },
    { clock, offer: (step) => steps.offer('search', step), recovered, say },
  );
  if (condition !== FULL) return;
  const { interval, carriesPerS = 0, known } = search.knee();
  if (asked.held !== undefined) await hold(asked.held.ms);
  if (interval === undefined || known === 'generator') return;
  for (const times of BEYOND) {
    const ratePerS = Number((interval.ratePerS * times).toPrecision(4));
    if (ratePerS > asked.search.mostPerS) return;
    const { generator } = await steps.offer('curve', { ratePerS, ms: BEYOND_MS, longer: false });
    if (generator.length > 0) return;
    say(`${ratePerS}/s was offered, past the knee`);
    await recovered();
  }

  async function hold(ms: number): Promise<void> {
    const { ratePerS } = asked;
    const highest = interval?.high ?? carriesPerS;
    if (ratePerS > highest) {
      const at = `${Number(highest.toPrecision(4))}/s`;
      const carried = highest > 0 ? `${at} was carried` : 'no rate was carried for certain';
      const reason =
        known === 'generator'
          ? `the load generator offers no more than ${at}`
          : interval === undefined
            ? `${carried}, and the search came to no higher rate`
            : `the system carries ${at} at most`;
      record.add({ kind: 'not.run', what: asked.held?.condition ?? '', code: 'not reached', reason });
      return;
    }
    say(`holding ${ratePerS}/s`);
    const step = { ratePerS, ms, longer: true };
    const evidence = await steps.offer('hold', step);
    const { verdict, observed } = judgeStep(asked.objective, evidence);
    say(`${ratePerS}/s was offered for its whole length: ${verdict}, ${observed}`);
    if (verdict !== 'carries') await recovered();
  }
}

/** The steps of one condition. Each is on disk before it is judged. */
class Steps {
  readonly #o: ConditionOptions;
  readonly #parts: ConditionParts;
  readonly #begun: number;
  #number = 0;

  constructor(options: ConditionOptions, parts: ConditionParts, begun: number) {
    this.#o = options;
    this.#parts = parts;
    this.#begun = begun;
  }

  async offer(purpose: StepPurpose, { ratePerS, ms, longer }: AskedStep): Promise<SearchEvidence> {
    const { asked, condition, record, signal } = this.#o;
    const { clock } = this.#parts;
    this.#number += 1;
    const started = record.state.started.t;
    // A condition that is measured once more has folders of its own.
    const samples = join(
      'steps',
      `${nameOf(condition)}-${Math.round((this.#begun - started) / 1_000)}-${this.#number}`,
    );
    const offeredPerS = Math.max(1, ratePerS - asked.lightPerS);
    using counting = this.#countConnections();
    const offered = await this.#parts.offer({
      ratePerS: offeredPerS,
      ms,
      leaves: purpose !== 'curve',
      keep: join(record.dir, samples),
      seed: asked.seed + this.#number,
      signal,
    });
    const { span, utilisation } = offered;
    const used = [...this.#cpuIn(span), ...counting.means()];
    const atS = (clock.now() - this.#begun) / 1_000;
    const step = { condition, purpose, ratePerS, offeredPerS, longer, samples, span, utilisation, used, atS };
    record.add({ kind: 'step', ...step });
    const { limits = {} } = asked.targets;
    return { ...evidenceOf(offered, asked.objective.classes), exceeded: exceededOf(limits, used), atS };
  }

  #cpuIn(span: OfferedStep['span']): readonly Used[] {
    const { asked, plan, light } = this.#o;
    return Object.keys(asked.targets.limits?.cpu ?? {}).flatMap((service) =>
      candidates(plan.topology, { service }).flatMap((container): Used[] => {
        const share = light.cpuOf(container, span);
        return share === undefined ? [] : [{ what: 'cpu', of: service, share: Number(share.toFixed(4)) }];
      }),
    );
  }

  /** Counts connections while a step goes on, after its warm-up. */
  #countConnections(): Disposable & { means(): readonly Used[] } {
    const { asked, signal } = this.#o;
    const over = new AbortController();
    const readings: Used[] = [];
    const { clock, connections } = this.#parts;
    const count = async (): Promise<void> => {
      await clock.sleep(WARM_UP_MS, over.signal);
      for (;;) {
        readings.push(...(await connections().catch(() => [])));
        await clock.sleep(COUNT_MS, AbortSignal.any([over.signal, signal]));
      }
    };
    if (asked.targets.limits?.connections !== undefined) count().catch(() => undefined);
    return {
      means: () =>
        [...Map.groupBy(readings, ({ of }) => of)].map(([of, all]) => ({
          what: 'connections',
          of,
          share: Number((all.reduce((sum, { share }) => sum + share, 0) / all.length).toFixed(4)),
        })),
      [Symbol.dispose]: () => over.abort(),
    };
  }
}

/** "slow-link-to-the-primary": a name for a folder. */
const nameOf = (condition: string): string =>
  condition
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
