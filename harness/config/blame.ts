import { ChaosError } from '../core/errors.ts';
import { definedAt, thrownAt } from './place.ts';

type Call = (...args: unknown[]) => unknown;

/**
 * Returns the same thing, but an error that one of its functions throws says whose it is: CHAOS_CONFIG, with the file and
 * the line. An error of the harness passes as it is. It may come through a function of the user's own, for example when a
 * service has no container. `what`: "fault freeze".
 */
export function blaming<T extends object>(thing: T, what: string, name: string, file: string): T {
  const blamed = (error: unknown, key: string): unknown => {
    if (error instanceof ChaosError || (error instanceof Error && error.name === 'AbortError')) return error;
    const place = thrownAt(error, file) ?? definedAt(file, name) ?? { file };
    return new ChaosError('CHAOS_CONFIG', {
      what: `the ${what} of the config threw in ${key}`,
      hint: 'It is a mistake in the config, and not in the system under test.',
      exit: 'error',
      cause: error,
      ...place,
    });
  };
  const guarded = (call: Call, key: string, self: unknown): Call =>
    function guard(...args) {
      try {
        const result = call.apply(self, args);
        if (result instanceof Promise)
          return result.catch((error: unknown) => Promise.reject(blamed(error, key) as Error));
        return wrapped(result, key);
      } catch (error) {
        throw blamed(error, key);
      }
    };
  /** A series returns a function, and a fault with its parameters is an object of functions. */
  const wrapped = (value: unknown, key: string): unknown => {
    if (typeof value === 'function') return guarded(value as Call, key, undefined);
    return key === 'bind' || key === 'stopIf' ? parts(value as object) : value;
  };
  const parts = (of: object): object =>
    Object.fromEntries(
      Object.entries(of).map(([key, value]: [string, unknown]) => [
        key,
        typeof value === 'function' ? guarded(value as Call, key, of) : wrapped(value, key),
      ]),
    );
  return parts(thing) as T;
}
