import type { SuiteDocument } from './document.ts';

/** Returns a file of a run's folder; undefined when there is none. */
type ReadOfRun = (dir: string, file: string) => string | undefined;

/** The options of `chaos suite` that write a report to another place too. */
export type SuiteOption = 'junit' | 'ctrf' | 'summary';

/** Makes the content of one file in the folder of a suite. May not throw. */
export interface SuiteReporter {
  /** The name of the file. */
  readonly file: string;
  /** The option of `chaos suite` that writes the same to another place too. */
  readonly option?: SuiteOption;
  render(document: SuiteDocument, read: ReadOfRun): string;
}
