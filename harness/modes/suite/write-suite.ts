import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SuiteDocument } from '../../core/suite/document.ts';
import type { SuiteOption, SuiteReporter } from '../../core/suite/reporter.ts';
import { redact, redactDeep } from '../../core/text/redact.ts';
import { writeWhole } from '../../disk/whole.ts';
import { SUITE_FILE } from '../../record/folders.ts';

export interface WriteSuiteOptions {
  /** Further places of the files with an option. */
  readonly also: Readonly<Record<SuiteOption, string | undefined>>;
  readonly cwd: string;
}

/** Writes what can be made again from the record of a suite: suite.json and its reports. */
export function writeSuite(
  document: SuiteDocument,
  reporters: readonly SuiteReporter[],
  { also, cwd }: WriteSuiteOptions,
): void {
  const { dir } = document;
  writeWhole(join(dir, SUITE_FILE), `${JSON.stringify(redactDeep(document, redact), null, 2)}\n`);
  for (const reporter of reporters) {
    const text = redact(reporter.render(document, read));
    writeWhole(join(dir, reporter.file), text);
    const other = reporter.option === undefined ? undefined : also[reporter.option];
    if (other !== undefined) writeWhole(resolve(cwd, other), text);
  }
}

function read(dir: string, file: string): string | undefined {
  try {
    return readFileSync(join(dir, file), 'utf8');
  } catch {
    return undefined;
  }
}
