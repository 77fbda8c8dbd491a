import { describeError } from '../../core/errors.ts';
import type { ProbeContext } from '../../core/kinds/probe.ts';
import type { AlertSeen } from '../../core/record/alert-events.ts';
import type { EventOf } from '../../core/record/events.ts';
import type { ActiveAlert, MonitoringControl, MonitoringRule } from '../../core/topology/monitoring.ts';
import type { WatchedAlert } from '../../kit/alerts.ts';
import { keptAlerts } from './kept.ts';
import { alertRules, rulesAtEnd, rulesSeen } from './rules.ts';

/** Rules and targets are looked at with each so many looks at the alerts: their answers are long. */
const RULES_EACH = 5;
/** A rule that was not evaluated for this many intervals, and this many milliseconds more, is not evaluated. */
const LATE = { intervals: 3, ms: 2_000 };
/** A fault takes targets away. When fewer than this share is left, Prometheus has lost sight of the system. */
const ENOUGH_UP = 0.25;

const keyOf = ({ name, labels }: ActiveAlert): string =>
  JSON.stringify([name, Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))]);

/** A Prometheus that has just started has not evaluated each rule. One that does not say since when has had its time. */
const startOf = (monitoring: MonitoringControl): Promise<number> => monitoring.started().catch(() => 0);

/** Watches the alerts of Prometheus, and what the pager gets. Every question that fails is told by what is missing. */
export class AlertWatch {
  readonly #ctx: ProbeContext;
  readonly #wanted: readonly WatchedAlert[];
  readonly #began: number;
  readonly #active = new Map<string, AlertSeen>();
  /** Prometheus' clock minus ours, milliseconds. */
  #skewMs = 0;
  #rules: readonly MonitoringRule[] = [];
  #newest = 0;
  #watching: boolean | undefined;
  #looks = 0;
  #answered = 0;
  #pager: { looks: number; answered: number } | undefined;

  constructor(ctx: ProbeContext, wanted: readonly WatchedAlert[]) {
    this.#ctx = ctx;
    this.#wanted = wanted;
    this.#began = ctx.clock.now();
  }

  /** Tells the rules, and passes over what the pager got before. */
  async begin(): Promise<void> {
    const { clock, emit, topology } = this.#ctx;
    const { monitoring } = topology;
    const asked = clock.now();
    const [time] = await monitoring.query('time()');
    const received = clock.now();
    if (time !== undefined) this.#skewMs = time.value * 1_000 - (asked + received) / 2;
    const [version, rules, delivered] = await Promise.all([
      monitoring.version(),
      monitoring.rules(),
      monitoring.deliveries(0),
    ]);
    this.#rules = rules;
    this.#newest = Math.max(0, ...(delivered ?? []).map(({ n }) => n));
    if (delivered !== undefined) this.#pager = { looks: 0, answered: 0 };
    const seen = await rulesSeen(monitoring, rules, this.#wanted, { now: clock.now(), skewMs: this.#skewMs });
    emit({ kind: 'alert.rules', t: clock.now(), version, rules: seen });
  }

  async look(): Promise<void> {
    await Promise.all([this.#lookAtPrometheus(), this.#lookAtPager()]);
  }

  async #lookAtPrometheus(): Promise<void> {
    const t = this.#ctx.clock.now();
    this.#looks += 1;
    try {
      const alerts = await this.#ctx.topology.monitoring.alerts();
      this.#answered += 1;
      this.#see(t, alerts);
      const problem = this.#looks % RULES_EACH === 1 ? await this.#blindness() : undefined;
      // A problem of the rules or targets is over when they are looked at again, and not before.
      if (problem !== undefined) this.#tell(t, false, problem);
      else if (this.#watching !== false || this.#lost || this.#looks % RULES_EACH === 1) this.#tell(t, true);
      this.#lost = false;
    } catch (error) {
      this.#lost = true;
      this.#tell(t, false, describeError(error));
    }
  }
  #lost = false;

  /** Returns why Prometheus answers and yet does not watch. Undefined when it watches. */
  async #blindness(): Promise<string | undefined> {
    const { topology, clock } = this.#ctx;
    const { monitoring } = topology;
    const [rules, [up], [all]] = await Promise.all([
      monitoring.rules(),
      monitoring.query('count(up == 1)'),
      monitoring.query('count(up)'),
    ]);
    this.#rules = rules;
    const now = clock.now() + this.#skewMs;
    const started = rules.some(({ evaluated }) => evaluated === 0) ? await startOf(monitoring) : 0;
    const late = rules.find(
      ({ evaluated, everyMs }) => now - Math.max(evaluated, started) > LATE.intervals * everyMs + LATE.ms,
    );
    if (late !== undefined) {
      const ago = Math.round((now - late.evaluated) / 1_000);
      return `the rule ${late.name} was ${late.evaluated === 0 ? 'never evaluated' : `last evaluated ${ago} s ago`}`;
    }
    const [reached, targets] = [up?.value ?? 0, all?.value ?? 0];
    return reached < ENOUGH_UP * targets || targets === 0
      ? `Prometheus reaches ${reached} of its ${targets} targets`
      : undefined;
  }

  /** Tells what an alert did. The end of the watch says how many such events there are. */
  #emit(event: EventOf<'alert.state' | 'alert.delivered' | 'alert.kept'>): void {
    this.#told += 1;
    this.#ctx.emit(event);
  }
  #told = 0;

  #tell(t: number, watching: boolean, problem?: string): void {
    if (this.#watching === watching) return;
    this.#watching = watching;
    this.#ctx.emit({ kind: 'alert.watch', t, watching, ...(problem === undefined ? {} : { problem }) });
  }

  #see(t: number, alerts: readonly ActiveAlert[]): void {
    const now = new Map(alerts.map((alert) => [keyOf(alert), alert]));
    for (const [key, { name, labels }] of this.#active) {
      if (now.has(key)) continue;
      this.#active.delete(key);
      this.#emit({ kind: 'alert.state', t, name, labels, state: 'inactive', at: t, value: null });
    }
    for (const [key, { name, labels, state, since, value }] of now) {
      if (this.#active.get(key)?.state === state) continue;
      const forMs = alertRules(this.#rules).find((rule) => rule.name === name)?.forMs ?? 0;
      const began = Math.round(since - this.#skewMs);
      const at = state === 'pending' || forMs === 0 ? began : t;
      const seen: AlertSeen = { name, labels, state, at, value: Number.isFinite(value) ? value : null };
      this.#active.set(key, seen);
      this.#emit({ kind: 'alert.state', t, ...seen });
    }
  }

  async #lookAtPager(): Promise<void> {
    const { topology, clock } = this.#ctx;
    if (this.#pager === undefined) return;
    this.#pager.looks += 1;
    const found = await topology.monitoring.deliveries(this.#newest).catch(() => undefined);
    if (found === undefined) return;
    this.#pager.answered += 1;
    for (const { n, at, name, labels, status } of found) {
      this.#newest = Math.max(this.#newest, n);
      this.#emit({ kind: 'alert.delivered', t: clock.now(), name, labels, status, at });
    }
  }

  /** Looks once more, and tells what Prometheus kept. Asks no more of a Prometheus that gives no answer. */
  async end(): Promise<void> {
    const { topology, clock, emit } = this.#ctx;
    const { monitoring } = topology;
    await this.look();
    const now = clock.now();
    const [lines, rules] = this.#lost
      ? [undefined, []]
      : await Promise.all([
          monitoring.samples('ALERTS', this.#began + this.#skewMs, now + this.#skewMs).catch(() => undefined),
          rulesAtEnd(monitoring, this.#rules, this.#wanted, now - this.#began).catch(() => []),
        ]);
    const everyMs = (name: string): number => this.#rules.find((rule) => rule.name === name)?.everyMs ?? 60_000;
    const ours = (t: number): number => Math.round(t - this.#skewMs);
    for (const { spans, ...alert } of keptAlerts(lines ?? [], everyMs, now + this.#skewMs)) {
      const moved = spans.map(({ state, from, to }) => ({
        state,
        from: ours(from),
        to: to === null ? null : ours(to),
      }));
      this.#emit({ kind: 'alert.kept', t: clock.now(), ...alert, spans: moved });
    }
    const [looks, answered, pager] = [this.#looks, this.#answered, this.#pager ?? null];
    emit({
      kind: 'alert.watched',
      t: clock.now(),
      looks,
      answered,
      pager,
      told: this.#told,
      kept: lines !== undefined,
      rules,
    });
  }
}
