import type { ChartLimit } from '../../core/kinds/check-result.ts';
import type { Phase } from '../../core/plan/phases.ts';
import type { Verdict } from '../../core/verdict.ts';

/** A chart of the live page. Its lines come with their first point. */
export interface BoardChart {
  readonly id: string;
  readonly title: string;
  /** Says which requests or readings the figures are about. */
  readonly note: string;
  readonly unit: string;
  /** In the chart's unit. */
  readonly limits: readonly Omit<ChartLimit, 'chart'>[];
  /** Lines that are always drawn, in this order. Of other lines the page draws the highest. */
  readonly lines: readonly string[];
  /** A line without a point for so many seconds has a gap. */
  readonly gap_s: number;
}

/** A card of the live page: one figure with its target. */
export interface BoardCard {
  readonly id: string;
  readonly title: string;
  readonly unit: 'ms' | '/s' | '%' | '';
  /** Null when the specification names none. */
  readonly target: number | null;
  readonly target_text: string;
  /** Which side of the target is good. */
  readonly good: 'below' | 'above';
  /** What the figure is, for people. */
  readonly note: string;
  /** The service whose planned number of containers is the target. */
  readonly of?: string;
}

/** What a page needs before anything else. */
export interface Beginning {
  readonly run: string;
  readonly title: string;
  readonly experiment: string;
  readonly load: string;
  /** Planned lengths, milliseconds; for the heal phase the deadline. */
  readonly phases: Readonly<Record<Phase, number>>;
  readonly last_phase: Phase;
  readonly charts: readonly BoardChart[];
  readonly cards: readonly BoardCard[];
}

/** The number of a chart, the name of a line, seconds since the load began, and the value in the chart's unit. */
export type PointMessage = readonly [chart: number, line: string, x: number, value: number];

export type ServiceLook = 'up' | 'degraded' | 'down' | 'unknown';

export interface ServiceState {
  readonly name: string;
  readonly look: ServiceLook;
  /** Containers that run and are not found unhealthy. Null when nobody has said. */
  readonly up: number | null;
  readonly planned: number;
  /** "primary", "standby" for a member of a group; "paused", "starting", "unhealthy" when a container is so. */
  readonly note: string;
  /** The faults in force on its containers or on a link to it. */
  readonly faults: readonly string[];
}

export interface FaultState {
  readonly id: string;
  readonly fault: string;
  readonly targets: readonly string[];
  readonly state: 'injecting' | 'in force' | 'healing' | 'healed' | 'failed';
}

export interface AlertMessage {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: string;
  /** When it came into this state, epoch milliseconds. */
  readonly since: number;
  /** When it was delivered last, and as what. Null: not yet. */
  readonly delivered: { readonly status: string; readonly at: number } | null;
}

/** What one event of a record changes on the page. An event that changes nothing has none. */
export interface Update {
  /** Of the event, epoch milliseconds. */
  readonly t: number;
  readonly begin?: Beginning;
  readonly phase?: { readonly name: Phase; readonly over?: true };
  readonly points?: readonly PointMessage[];
  /** The figures of the cards, in their order. */
  readonly cards?: readonly (number | null)[];
  /** The services that are otherwise than before. */
  readonly services?: readonly ServiceState[];
  readonly fault?: FaultState;
  readonly alert?: AlertMessage;
  readonly line?: { readonly text: string; readonly weight: string };
  readonly verdict?: Verdict;
}
