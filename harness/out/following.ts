import type { Delivery } from '../core/out/delivery.ts';
import type { Ending, Followed, FollowedRun } from '../core/out/out.ts';
import type { EventOf, RunEvent } from '../core/record/events.ts';
import { redactDeep } from '../core/text/redact.ts';
import { endMessage, type Message, startMessage } from './forms/message.ts';
import { slackForm } from './forms/slack.ts';
import { RunState } from './metrics/state.ts';
import { metricsText } from './metrics/text.ts';
import type { OutSettings } from './settings.ts';
import { post, type Posting } from './webhook.ts';

interface FollowingOptions {
  readonly settings: OutSettings;
  readonly followed: Followed;
  readonly posting: Posting;
  readonly write: (project: string, text: string) => void;
}

/** Follows one run, and tells others about it. */
export class Following implements FollowedRun {
  readonly #o: FollowingOptions;
  readonly #state = new RunState();
  readonly #told: Delivery[] = [];
  #telling: Promise<void> = Promise.resolve();

  constructor(options: FollowingOptions) {
    this.#o = options;
    for (const event of options.followed.before ?? []) this.#state.see(event);
  }

  get undelivered(): readonly Delivery[] {
    return this.#told.filter(({ delivered }) => !delivered);
  }

  onEvent(event: RunEvent): void {
    const changed = this.#state.see(event);
    if (event.kind === 'run.started') this.#tell(startMessage(asBegun(event), this.#o.followed.by));
    if (changed) this.#write();
  }

  close(): void {
    // The deliveries under way end by their deadline, and `ended` waits for them.
  }

  async ended(ending: Ending): Promise<readonly Delivery[]> {
    this.#state.ending = ending;
    this.#write();
    this.#tell(endMessage(ending, this.#state.started?.plan.topology.project ?? '', this.#o.followed.by));
    await this.#telling;
    return [...this.#told];
  }

  #write(): void {
    const { started } = this.#state;
    if (started === undefined) return;
    this.#o.write(started.plan.topology.project, this.#o.followed.redact(metricsText(this.#state)));
  }

  /** Starts to tell all who are to be told. Nobody waits for it but `ended`. */
  #tell(message: Message): void {
    const { settings, followed, posting } = this.#o;
    if (!settings.news.includes(message.news)) return;
    const clean = redactDeep(message, (text) => followed.redact(text));
    const posts = [
      ...(settings.webhook === undefined
        ? []
        : [{ to: 'webhook', url: settings.webhook, body: clean, token: settings.token }]),
      ...(settings.slack === undefined ? [] : [{ to: 'slack', url: settings.slack, body: slackForm(clean) }]),
    ];
    const all = posts.map(async ({ to, ...one }) => {
      const { delivered, tries, why } = await post(one, posting);
      this.#told.push({ news: message.news, to, delivered, tries, ...(why === undefined ? {} : { why }) });
      if (!delivered) followed.warn(`${to}: "${message.news}" was not delivered in ${tries} tries: ${why ?? ''}`);
    });
    const before = this.#telling;
    this.#telling = Promise.all([before, ...all]).then(() => undefined);
  }
}

const asBegun = ({ run, t, plan }: EventOf<'run.started'>): { run: string; t: number; plan: typeof plan } => ({
  run,
  t,
  plan,
});
