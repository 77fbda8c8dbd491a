import { join } from 'node:path';
import type { RunbookDocument } from '../../core/runbook/document.ts';
import { redact, redactDeep } from '../../core/text/redact.ts';
import { writeWhole } from '../../disk/whole.ts';
import { type NewFolder, newFolder, RUNBOOK_FILE, writeHeader } from '../../record/folders.ts';

/** Begins the folder of a validation. `started`: epoch milliseconds. */
export function beginValidation(reports: string, name: string, title: string, started: number): NewFolder {
  const folder = newFolder(reports, `runbook-${name}`);
  writeHeader(folder, 'runbook', { title, started });
  return folder;
}

/** Writes runbook.json, and the page of the validation. */
export function writeValidation(
  document: RunbookDocument,
  page: { readonly file: string; readonly text: string },
): void {
  writeWhole(join(document.dir, RUNBOOK_FILE), `${JSON.stringify(redactDeep(document, redact), null, 2)}\n`);
  writeWhole(join(document.dir, page.file), redact(page.text));
}
