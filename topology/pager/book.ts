/** An alert as Alertmanager's webhook (version 4) has it. */
export interface DeliveredAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly fingerprint: string;
}

export interface Delivery {
  /** Counts from 1. */
  readonly n: number;
  /** When it came, by the clock of this container: ISO 8601 with milliseconds. */
  readonly at: string;
  readonly status: 'firing' | 'resolved';
  readonly receiver: string;
  readonly alerts: readonly DeliveredAlert[];
}

/** The oldest deliveries are forgotten beyond this number. */
const MOST = 10_000;

/** What was delivered, and the figures that somebody put here, by a name that they chose. */
export class Book {
  readonly #most: number;
  readonly #now: () => number;
  #count = 0;
  #deliveries: Delivery[] = [];
  readonly figures = new Map<string, string>();

  constructor(most = MOST, now: () => number = Date.now) {
    this.#most = most;
    this.#now = now;
  }

  /** Keeps a webhook's message. Returns false when it is none of version 4. */
  deliver(message: unknown): boolean {
    const { version, status, receiver, alerts } = (message ?? {}) as Readonly<Record<string, unknown>>;
    if (version !== '4' || (status !== 'firing' && status !== 'resolved') || !Array.isArray(alerts)) return false;
    this.#count += 1;
    this.#deliveries.push({
      n: this.#count,
      at: new Date(this.#now()).toISOString(),
      status,
      receiver: String(receiver),
      alerts: (alerts as DeliveredAlert[]).map(({ status, labels, annotations, startsAt, endsAt, fingerprint }) => {
        return { status, labels, annotations, startsAt, endsAt, fingerprint };
      }),
    });
    if (this.#deliveries.length > this.#most) this.#deliveries = this.#deliveries.slice(-this.#most);
    return true;
  }

  /** Returns the deliveries with a number above `n`, oldest first. */
  after(n: number): readonly Delivery[] {
    return this.#deliveries.filter((delivery) => delivery.n > n);
  }
}
