import { allSettledOrFirstError } from '../../core/settled.ts';
import type { Clock } from '../../core/clock.ts';
import { formatDuration } from '../../core/duration.ts';
import { ChaosError, describeError } from '../../core/errors.ts';
import type { FaultContext } from '../../core/kinds/fault.ts';
import type { DeployEndNews, DeployNews, DeployOutcome, DeployStep } from '../../core/record/deploy.ts';
import type { Topology } from '../../core/topology/control.ts';
import type { Held } from '../../core/topology/hold.ts';
import { type ImageRef, imageMeant, nextOf, noImage } from '../../core/topology/replacing.ts';
import type { UpdateSpec } from '../../core/topology/spec.ts';
import type { ContainerRef } from '../../core/topology/state.ts';
import { updateOf } from './fits.ts';
import { lookAt } from './watch.ts';

/** Milliseconds between two looks at the new containers. */
const LOOK_MS = 500;

/** What a deploy is to do. */
export interface DeployAsked {
  readonly service: string;
  /** The image as written, perhaps with `{{image}}`. */
  readonly image: string;
  /** A new container must be healthy after this long, milliseconds. */
  readonly healthyMs: number;
}

/** What a deploy needs. `hold` writes the way back to disk before it changes anything. */
export interface RollContext {
  readonly topology: Pick<Topology, 'spec' | 'containers' | 'ask'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly hold: FaultContext['hold'];
  readonly tell: (news: DeployNews) => void;
}

/** One container of the service, and what has become of its place. */
interface Place {
  readonly container: ContainerRef;
  readonly was: ImageRef;
  held: Held | undefined;
  /** A container of the new image runs, or has run. */
  started: boolean;
  healthy: boolean;
  /** The new container has the place. */
  taken: boolean;
  /** Why the new container is not good. */
  bad: string | undefined;
  answers: string;
}

/**
 * Gives the containers of a service another image, as `update_config` says: a few at a time, each watched before it counts
 * as good. When one is not good, the service gets its old image back, or keeps what it has, or goes on.
 */
export class Roll {
  readonly #ctx: RollContext;
  readonly #asked: DeployAsked;
  readonly #update: UpdateSpec;
  readonly #image: ImageRef;
  readonly #places: readonly Place[];
  readonly #batches: readonly (readonly Place[])[];

  private constructor(ctx: RollContext, asked: DeployAsked, image: ImageRef, places: readonly Place[]) {
    this.#ctx = ctx;
    this.#asked = asked;
    this.#update = updateOf(ctx.topology.spec, asked.service);
    this.#image = image;
    this.#places = places;
    const size = this.#update.parallelism || places.length;
    this.#batches = Array.from({ length: Math.ceil(places.length / size) }, (_, i) =>
      places.slice(i * size, (i + 1) * size),
    );
  }

  /** Finds the containers and both images, and changes nothing. Throws CHAOS_NO_IMAGE and CHAOS_NO_TARGET. */
  static async of(ctx: RollContext, asked: DeployAsked): Promise<Roll> {
    const { containers, spec } = ctx.topology;
    const { service } = asked;
    const own = spec.services[service]?.image ?? '';
    const wanted = imageMeant(asked.image, own);
    const image = await containers.image(wanted);
    if (image === undefined) throw noImage(wanted);
    const found = await containers.resolve({ service }, () => 0);
    const places = found.map(async (container): Promise<Place> => {
      const { image: runs = '' } = await containers.inspect(container);
      const was = await imageOf(containers, own, runs);
      const fresh = { held: undefined, started: false, healthy: false, taken: false, bad: undefined, answers: '' };
      return { container, was, ...fresh };
    });
    return new Roll(ctx, asked, image, await Promise.all(places));
  }

  /** The names of the containers, in the order in which they are replaced. */
  get names(): readonly string[] {
    return this.#places.map(({ container }) => container.name);
  }

  get image(): ImageRef {
    return this.#image;
  }

  /** Starts the first new containers. Waits for nothing. */
  async begin(): Promise<void> {
    await this.#begin(this.#batches[0] ?? []);
  }

  /** Goes on to the end. Rejects when the signal is aborted: then the ways back must be carried out. */
  async goOn(): Promise<DeployEndNews> {
    for (const [i, batch] of this.#batches.entries()) {
      if (i > 0) {
        await this.#watch(this.#update.delayMs, () => true);
        if (this.#stopping) break;
        await this.#begin(batch);
      }
      await this.#untilGood(batch);
      if (this.#stopping) break;
      await allSettledOrFirstError(batch.map((place) => this.#takeOver(place)));
    }
    this.#ctx.signal.throwIfAborted();
    return this.#end(this.#stopping ? await this.#goBack() : 'deployed');
  }

  // --- one step --------------------------------------------------------------------------------------------------

  async #begin(batch: readonly Place[]): Promise<void> {
    // When one place fails, the others must have ended before their ways back are carried out.
    await allSettledOrFirstError(batch.map((place) => this.#hold(place)));
  }

  async #hold(place: Place): Promise<void> {
    const { container, was } = place;
    place.held = await this.#ctx.hold({
      place: container.name,
      what: 'image',
      value: this.#image.name,
      before: () => [{ do: 'give-image', container, image: was }],
      set: () => this.#replace(place),
    });
  }

  /** Starts the new container. With "stop-first" it has the place from the beginning. */
  async #replace(place: Place): Promise<void> {
    const { containers } = this.#ctx.topology;
    const { container } = place;
    // A younger deploy of the same service was taken back: its containers make room once more.
    const again = place.taken;
    await containers.prepareNext(container, this.#image.name);
    this.#tell(place, 'created');
    if (this.#update.order === 'stop-first') await this.#givePlace(place);
    try {
      await containers.startNext(container);
    } catch (error) {
      // The engine itself could not start it, for example because the image lacks the command.
      if (!(error instanceof ChaosError) || error.code !== 'CHAOS_ENGINE_REFUSED') throw error;
      return this.#blame(place, `could not be started: ${describeError(error)}`);
    }
    place.started = true;
    this.#tell(place, 'started');
    if (again && this.#update.order === 'start-first') await this.#givePlace(place);
  }

  async #givePlace(place: Place): Promise<void> {
    const { containers } = this.#ctx.topology;
    this.#tell(place, 'draining', place.was);
    await containers.retire(place.container);
    await containers.takePlace(place.container);
    place.taken = true;
    this.#tell(place, 'gone', place.was);
  }

  async #takeOver(place: Place): Promise<void> {
    if (place.bad === undefined) this.#tell(place, 'good', this.#image, place.answers);
    if (place.taken) return;
    if (place.started) await this.#givePlace(place);
    // A deploy that goes on in spite of a container that could not be started leaves the old one where it is.
    else await this.#ctx.topology.containers.retire(nextOf(place.container));
  }

  // --- watching --------------------------------------------------------------------------------------------------

  /** Whether a new container is bad, and the deploy does not go on in spite of it. */
  get #stopping(): boolean {
    return this.#update.failureAction !== 'continue' && this.#places.some(({ bad }) => bad !== undefined);
  }

  /** Waits until the new containers of a batch are healthy, and then as long as they are to be watched. */
  async #untilGood(batch: readonly Place[]): Promise<void> {
    const { healthyMs } = this.#asked;
    const waiting = (): Place[] => batch.filter(({ healthy, bad }) => !healthy && bad === undefined);
    await this.#watch(healthyMs, () => waiting().length > 0);
    if (this.#stopping) return;
    for (const place of waiting()) this.#blame(place, `was not healthy within ${formatDuration(healthyMs)}`);
    await this.#watch(this.#update.monitorMs, () => batch.some(({ bad }) => bad === undefined));
  }

  /** Looks at every new container again and again, for `ms` milliseconds, or until there is a reason to end. */
  async #watch(ms: number, goesOn: () => boolean): Promise<void> {
    const { clock, signal } = this.#ctx;
    for (const until = clock.now() + ms; ; await clock.sleep(Math.min(LOOK_MS, until - clock.now()), signal)) {
      await Promise.all(this.#places.filter(({ held }) => held !== undefined).map((place) => this.#look(place)));
      signal.throwIfAborted();
      if (this.#stopping || !goesOn() || clock.now() >= until) return;
    }
  }

  async #look(place: Place): Promise<void> {
    const { topology } = this.#ctx;
    if (place.bad !== undefined) return;
    const there = this.#newOf(place);
    const { healthy, bad, answers } = await lookAt(topology, there, this.#update.maxFailureRatio);
    place.answers = answers;
    if (bad !== undefined) return this.#blame(place, bad);
    if (!healthy || place.healthy) return;
    place.healthy = true;
    this.#tell(place, 'healthy');
  }

  /** The container of the new image. */
  #newOf({ taken, container }: Place): ContainerRef {
    return taken ? container : nextOf(container);
  }

  #blame(place: Place, why: string): void {
    place.bad = why;
    this.#tell(place, 'failed', this.#image, why);
  }

  // --- the end ---------------------------------------------------------------------------------------------------

  /**
   * Gives back old images, one container after another, the newest first. To roll back means all. To pause means the
   * containers that were not found good.
   */
  async #goBack(): Promise<DeployOutcome> {
    const pauses = this.#update.failureAction === 'pause';
    for (const place of this.#places.toReversed()) {
      if (place.held === undefined || (pauses && place.taken && place.bad === undefined)) continue;
      // A bad container is not asked to finish its work: until then it would take more requests, and fail them.
      if (place.bad !== undefined && place.started) await this.#ctx.topology.containers.kill(this.#newOf(place));
      await place.held.release();
      this.#tell(place, 'given back', place.was);
    }
    return pauses ? 'paused' : 'rolled back';
  }

  #end(outcome: DeployOutcome): DeployEndNews {
    const bad = this.#places.filter((place) => place.bad !== undefined);
    const why = bad.map((place) => `${place.container.name} ${place.bad ?? ''}`).join('; ');
    const end: DeployEndNews = {
      kind: 'deploy.ended',
      service: this.#asked.service,
      outcome,
      touched: this.#places.filter(({ started }) => started).length,
      failed: bad.length,
      image: this.#image.id,
      text: why === '' ? `${this.#places.length} of ${this.#places.length} containers run ${this.#image.name}` : why,
    };
    this.#ctx.tell(end);
    return end;
  }

  #tell({ container: { name: container } }: Place, step: DeployStep, image = this.#image, text?: string): void {
    this.#ctx.tell({
      kind: 'deploy.step',
      container,
      step,
      image: image.id,
      ...(text === undefined ? {} : { text }),
    });
  }
}

/** Returns the image that a container runs, if possible by the name in the compose file. `runs`: the short id. */
async function imageOf(containers: Topology['containers'], own: string, runs: string): Promise<ImageRef> {
  const named = own === '' ? undefined : await containers.image(own);
  if (named !== undefined && named.id.includes(runs)) return named;
  const found = await containers.image(runs);
  if (found === undefined) throw noImage(runs);
  return found;
}
