import { ChaosError } from '../../core/errors.ts';
import type { Containers } from '../../core/topology/control.ts';
import type { Keeping } from '../../session/keeping.ts';

/**
 * A service whose number of containers a command changes. The way back to the number of the beginning is on disk before
 * the first change. When the process dies, the next command that takes the topology carries it out, and so does
 * `chaos heal`.
 */
export class ScaledService {
  readonly #containers: Pick<Containers, 'count' | 'scale'>;
  readonly #keeping: Pick<Keeping, 'hold' | 'putBack' | 'forget'>;
  readonly #service: string;
  /** The number of the beginning. Once it is known, the way back is on disk, or may be. */
  #before: number | undefined;

  constructor(
    containers: Pick<Containers, 'count' | 'scale'>,
    keeping: Pick<Keeping, 'hold' | 'putBack' | 'forget'>,
    service: string,
  ) {
    this.#containers = containers;
    this.#keeping = keeping;
    this.#service = service;
  }

  /** Gives the service so many containers. Nobody waits until they are healthy. */
  async scaleTo(replicas: number): Promise<void> {
    const service = this.#service;
    const set = (): Promise<void> => this.#containers.scale(service, replicas);
    // Only the number before the first change leads back. A second hold would record a number of our own.
    if (this.#before !== undefined) return set();
    const before = await this.#containers.count(service);
    this.#before = before;
    await this.#keeping.hold({
      place: service,
      what: 'replicas',
      value: String(replicas),
      before: () => [{ do: 'scale-service', service, replicas: before }],
      set,
    });
  }

  /**
   * Gives the service the number of containers that it had, and counts them. Throws CHAOS_RESIDUE when this fails or the
   * number is another one: then the way back stays on disk.
   */
  async putBack(): Promise<void> {
    await this.#keeping.putBack();
    if (this.#before !== undefined) await this.#compare(this.#before);
    this.#keeping.forget();
  }

  async #compare(before: number): Promise<void> {
    const service = this.#service;
    const now = await this.#containers.count(service);
    if (now === before) return;
    throw new ChaosError('CHAOS_RESIDUE', {
      what: `${service} had ${before} containers, and has ${now} after it was put back`,
      hint: 'chaos heal',
      exit: 'not-restored',
    });
  }
}
