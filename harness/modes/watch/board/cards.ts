import { rateAt } from '../../../core/load/arrivals.ts';
import { describeLoad } from '../../../core/load/plan.ts';
import { ratePerUser } from '../../../core/load/workload-rate.ts';
import type { Phase } from '../../../core/plan/phases.ts';
import type { Plan } from '../../../core/plan/plan.ts';
import type { Series } from '../../../core/kinds/series.ts';
import type { EventOf, RunEvent } from '../../../core/record/events.ts';
import type { BoardCard } from '../message.ts';
import type { Services } from './services.ts';
import { TARGETS } from './targets.ts';

/** Reads the figures of the cards: one set for each second of the load. */
export interface CardReader {
  readonly cards: readonly BoardCard[];
  /** Returns nothing for an event that ends no second of the load. `origin`: when the load began. */
  figures(event: RunEvent, origin: number | undefined): readonly (number | null)[] | undefined;
}

/** Returns the cards of the specification's dashboard. Figures of a second are those of the series of the same name. */
export function readCards(plan: Plan, known: readonly Series[], services: Services): CardReader {
  const { load, topology } = plan;
  const lastSecond = (name: string): ((event: RunEvent) => number | null) => {
    const read = known.find((series) => series.name === name)?.read(undefined, topology);
    return (event) => read?.(event)[0]?.value ?? null;
  };
  const [latency, throughput, errors] = ['latency_p95', 'throughput', 'error_share'].map(lastSecond);
  const scaled = mostReplicated(plan);
  const perUser = ratePerUser(load.workload);
  const uptime = new Uptime();
  const pressing = load.pressure === undefined ? '' : `; ${load.pressure.virtualUsers} more only press`;
  return {
    cards: [
      card('response_time', 'Response time, p95', 'ms', 'of the answers of a second'),
      card('throughput', 'Throughput', '/s', `good answers; the load asks for ${describeLoad(load)}`, 'above'),
      card('errors', 'Errors', '%', 'of the requests that ended in a second'),
      card('users', 'Active users', '', `who make this load${pressing}`, 'above'),
      card('uptime', 'Uptime', '%', 'requests with a good answer, since the baseline began', 'above'),
      {
        ...card(
          'replicas',
          'Replicas',
          '',
          scaled === undefined ? 'of no service' : `containers of ${scaled} that run`,
          'above',
        ),
        ...(scaled !== undefined && { of: scaled }),
      },
    ],
    figures(event, origin) {
      uptime.see(event);
      if (event.kind !== 'load') return undefined;
      const users = perUser > 0 && origin !== undefined ? rateAt(load.arrivals, event.t - origin) / perUser : null;
      return [
        rounded(latency?.(event) ?? null),
        rounded(throughput?.(event) ?? null),
        rounded(errors?.(event) ?? null),
        users === null ? null : Math.round(users),
        uptime.percent,
        scaled === undefined ? null : services.count(scaled).up,
      ];
    },
  };
}

const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(4)));

const TEXTS: Readonly<Record<keyof typeof TARGETS, string>> = {
  response_time: '200 ms',
  throughput: '1,000/s',
  errors: '0.1 %',
  uptime: '99.9 %',
};

function card(
  id: string,
  title: string,
  unit: BoardCard['unit'],
  note: string,
  good: BoardCard['good'] = 'below',
): BoardCard {
  const named = id as keyof typeof TARGETS;
  return { id, title, unit, target: TARGETS[named] ?? null, target_text: TEXTS[named] ?? '', good, note };
}

/** Returns the service with the most replicas: the one that is scaled, as far as the plan says. */
function mostReplicated({ topology, controllers = [] }: Plan): string | undefined {
  const scaled = controllers.flatMap(({ params }) => (params as { readonly service?: string } | null)?.service ?? []);
  const services = Object.values(topology.services).filter(({ oneShot }) => oneShot !== true);
  const [most] = services.toSorted((a, b) => b.replicas - a.replicas);
  return scaled[0] ?? most?.name;
}

/** The share of the requests since the baseline began that got a good answer. */
class Uptime {
  #counts: Phase | undefined;
  #ok = 0;
  #all = 0;

  see(event: RunEvent | EventOf<'load'>): void {
    if (event.kind === 'phase.started') this.#counts = event.phase;
    if (event.kind !== 'load' || this.#counts === undefined || this.#counts === 'warmup') return;
    this.#ok += event.ok;
    this.#all += event.ok + event.failed;
  }

  /** Null before the first request of the baseline has ended. */
  get percent(): number | null {
    return this.#all === 0 ? null : Number(((this.#ok / this.#all) * 100).toFixed(4));
  }
}
