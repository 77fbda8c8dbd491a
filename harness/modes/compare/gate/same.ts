import type { Plan } from '../../../core/plan/plan.ts';
import type { Environment } from '../../../core/record/environment.ts';

/** What of a recorded run decides whether it can be made once more. */
export interface Recorded {
  readonly plan: Plan;
  readonly environment: Pick<Environment, 'images' | 'commit' | 'dirty'>;
}

/** How the base can be made once more; or why it cannot. */
export type Way =
  /** Base and now are the same code: reruns show what the machine does. */
  | { readonly is: 'same' }
  /** They differ in images, and the engine still has those of both. */
  | { readonly is: 'images' }
  | { readonly is: 'none'; readonly why: string };

/** What is written in place of a secret. See core/text/redact.ts. */
const MASK = '***';

/**
 * Says how reruns of both sides can be made. `has`: whether the engine still has an image with this id. What a compose file
 * or a mounted folder held at the time of the base is not kept: when images are equal and the commits differ, the base
 * cannot be brought up again.
 */
export function wayBack(base: Recorded, now: Recorded, has: ReadonlySet<string>): Way {
  const none = (why: string): Way => ({ is: 'none', why });
  if (!isSameExperiment(base.plan, now.plan)) return none('the load, the phases, the faults or the controllers differ');
  if (JSON.stringify(measuring(now.plan)).includes(MASK))
    return none('the record masks a secret that the experiment needs');
  const [before, after] = [base.environment, now.environment];
  const services = Object.keys(before.images);
  if (services.length === 0 || Object.keys(after.images).length === 0) return none('a record does not name its images');
  const gone = [...Object.entries(before.images), ...Object.entries(after.images)].find(([, id]) => !has.has(id));
  if (gone !== undefined) return none(`the engine no longer has the image ${gone[1]} of ${gone[0]}`);
  if (!isEqual(before.images, after.images)) return { is: 'images' };
  const isSameCode = before.commit === after.commit && !before.dirty && !after.dirty;
  return isSameCode
    ? { is: 'same' }
    : none('both have the same images, and what else differs between the commits cannot be brought up again');
}

/** The parts of a plan that figures depend on. Hypotheses judge figures, and change none. */
const measuring = ({ load, phases, faults, controllers = [] }: Plan) => ({ load, phases, faults, controllers });

const isSameExperiment = (a: Plan, b: Plan): boolean => isEqual(measuring(a), measuring(b));

/** Compares plain data. The order of the keys does not count. */
const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/**
 * Returns the text of a compose file that gives each service an image, to be laid over the others. A topology is brought up
 * without building and pulling, so the image is the one that the engine has.
 */
export const pinned = (images: Readonly<Record<string, string>>): string =>
  `${JSON.stringify({ services: Object.fromEntries(Object.entries(images).map(([name, image]) => [name, { image }])) }, null, 2)}\n`;
