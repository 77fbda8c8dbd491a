import type { Series } from '../../../core/kinds/series.ts';
import { lastPhase, type Plan } from '../../../core/plan/plan.ts';
import { describeLoad } from '../../../core/load/plan.ts';
import type { Phase } from '../../../core/plan/phases.ts';
import type { EventOf, RunEvent } from '../../../core/record/events.ts';
import type { Beginning, Update } from '../message.ts';
import { Alerts } from './alerts.ts';
import { type CardReader, readCards } from './cards.ts';
import { type ChartReader, readCharts } from './charts.ts';
import { Faults } from './faults.ts';
import { Services } from './services.ts';

/** What a board needs beside the record. */
export interface BoardParts {
  /** The series that a plan may name. */
  readonly series: readonly Series[];
  /** Says an event for people; undefined for an event that only charts show. */
  describe(event: RunEvent): { readonly text: string; readonly weight: string } | undefined;
}

/**
 * The state of one run as the live page shows it. Takes the events of a record in the order in which they were written, and
 * says what each changes. The same events always give the same updates, so that a server that was started again sends the
 * same.
 */
export class Board {
  readonly #parts: BoardParts;
  #reading: Reading | undefined;

  constructor(parts: BoardParts) {
    this.#parts = parts;
  }

  /** Returns undefined when the event changes nothing on the page. */
  see(event: RunEvent): Update | undefined {
    const begin = event.kind === 'run.started' ? this.#begin(event) : undefined;
    const line = this.#parts.describe(event);
    const update: Update = {
      t: event.t,
      ...(begin && { begin }),
      ...this.#reading?.see(event),
      ...(line && { line: { text: line.text, weight: line.weight } }),
      ...(event.kind === 'run.ended' && { verdict: event.verdict }),
    };
    return Object.keys(update).length === 1 ? undefined : update;
  }

  #begin({ run, plan }: EventOf<'run.started'>): Beginning {
    this.#reading = new Reading(plan, this.#parts.series);
    return {
      run,
      title: plan.title,
      experiment: plan.name,
      load: `${plan.load.workload.name}: ${describeLoad(plan.load)}`,
      phases: plan.phases,
      last_phase: lastPhase(plan),
      charts: this.#reading.charts.charts,
      cards: this.#reading.cards.cards,
    };
  }
}

/** Reads the events of a run whose plan is known. */
class Reading {
  readonly charts: ChartReader;
  readonly cards: CardReader;
  readonly #services: Services;
  readonly #faults = new Faults();
  readonly #alerts = new Alerts();
  readonly #last: Phase;
  /** When the load began: with the first phase. */
  #origin: number | undefined;
  /** The last phase is over. What the load counts then is a part of a second, and would look like a fall. */
  #over = false;

  constructor(plan: Plan, series: readonly Series[]) {
    this.#last = lastPhase(plan);
    this.#services = new Services(plan.topology);
    this.charts = readCharts(plan, series);
    this.cards = readCards(plan, series, this.#services);
  }

  see(event: RunEvent): Partial<Update> {
    if (event.kind === 'phase.started') this.#origin ??= event.t;
    if (event.kind === 'phase.ended') this.#over = event.phase === this.#last;
    const services = this.#services.see(event);
    // The series hear every event, also those before the load: they keep states.
    const points = this.charts.points(event, this.#origin ?? Infinity);
    const cards = this.cards.figures(event, this.#origin);
    const fault = this.#faults.see(event);
    const alert = this.#alerts.see(event);
    return {
      ...phaseOf(event),
      ...(points.length > 0 && !this.#over && { points }),
      ...(cards && !this.#over && { cards }),
      ...(services.length > 0 && { services }),
      ...(fault && { fault }),
      ...(alert && { alert }),
    };
  }
}

function phaseOf(event: RunEvent): Pick<Update, 'phase'> {
  if (event.kind === 'phase.started') return { phase: { name: event.phase } };
  return event.kind === 'phase.ended' ? { phase: { name: event.phase, over: true } } : {};
}
