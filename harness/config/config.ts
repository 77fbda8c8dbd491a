import type { Check } from '../core/kinds/check.ts';
import type { Fault } from '../core/kinds/fault.ts';
import type { Series } from '../core/kinds/series.ts';
import type { Reporter } from '../core/record/run.ts';

/** What a user's project adds to the catalogues: the default export of `chaos.config.ts`. */
export interface Config {
  readonly faults?: readonly Fault[];
  readonly checks?: readonly Check[];
  readonly series?: readonly Series[];
  readonly reporters?: readonly Reporter[];
}

export const defineConfig = (config: Config): Config => config;

/** A config file that was read and checked. */
export type Own = Required<Config> & {
  /** The absolute path of the file. Undefined when there is none. */
  readonly file: string | undefined;
};

export const NOTHING: Own = { file: undefined, faults: [], checks: [], series: [], reporters: [] };
