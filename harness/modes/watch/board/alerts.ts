import type { RunEvent } from '../../../core/record/events.ts';
import type { AlertMessage } from '../message.ts';

/**
 * What a record says of an alert: the state in which Prometheus has it (`alert.state`), and that it reached the pager
 * (`alert.delivered`). A record without monitoring has none.
 */
type AlertEvent = { readonly t: number; readonly name: string; readonly labels?: Readonly<Record<string, string>> } & (
  | { readonly kind: 'alert.state'; readonly state: string; readonly at?: number }
  | { readonly kind: 'alert.delivered'; readonly status: string; readonly at?: number }
);

const isAlert = (event: RunEvent | AlertEvent): event is AlertEvent =>
  event.kind === 'alert.state' || event.kind === 'alert.delivered';

/** The alerts of a run, each with its last state. */
export class Alerts {
  readonly #alerts = new Map<string, AlertMessage>();

  /** Takes an event, and returns the alert that it is about. */
  see(event: RunEvent): AlertMessage | undefined {
    const seen = event as RunEvent | AlertEvent;
    if (!isAlert(seen)) return undefined;
    const { name, labels = {}, at = seen.t } = seen;
    const key = JSON.stringify([name, Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
    const before = this.#alerts.get(key) ?? { name, labels, state: 'unknown', since: at, delivered: null };
    const alert =
      seen.kind === 'alert.state'
        ? { ...before, state: seen.state, since: before.state === seen.state ? before.since : at }
        : { ...before, delivered: { status: seen.status, at } };
    this.#alerts.set(key, alert);
    return alert;
  }
}
