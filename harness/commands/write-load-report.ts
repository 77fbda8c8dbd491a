import { join } from 'node:path';
import { writeWhole } from '../engine/finish.ts';
import { loadDocument, readLoad } from '../measure/load-folder.ts';
import { loadPage } from '../reporters/html/load-page.ts';

const REPORT_FILE = 'report.html';

/** Writes a recorded load's report.html again and answers its path. */
export function writeLoadReport(dir: string): string {
  const history = readLoad(dir);
  writeWhole(dir, REPORT_FILE, loadPage(history, loadDocument(history, dir)));
  return join(dir, REPORT_FILE);
}
