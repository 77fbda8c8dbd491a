import { join } from 'node:path';
import type { CapacitySignOff } from '../../core/capacity/document.ts';
import { redact, redactDeep } from '../../core/text/redact.ts';
import { writeWhole } from '../../disk/whole.ts';
import { CAPACITY_FILE } from '../../record/folders.ts';

/** Writes what can be made again from the record of a measurement: capacity.json, and the page for whoever signs. */
export function writeSignOff(document: CapacitySignOff, page: string): void {
  writeWhole(join(document.dir, CAPACITY_FILE), `${JSON.stringify(redactDeep(document, redact), null, 2)}\n`);
  writeWhole(join(document.dir, 'index.html'), redact(page));
}
