import type { SuiteDocument } from './document.ts';

/** Returns a file of a run's folder; undefined when there is none. */
type ReadOfRun = (dir: string, file: string) => string | undefined;

/** Makes the content of one file in the folder of a suite. May not throw. */
export interface SuiteReporter {
  /** The name of the file. */
  readonly file: string;
  /** The option of `chaos suite` that writes the same to another place too. */
  readonly option?: 'junit' | 'summary';
  render(document: SuiteDocument, read: ReadOfRun): string;
}
