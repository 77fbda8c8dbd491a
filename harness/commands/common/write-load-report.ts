import { join } from 'node:path';
import { writeWhole } from '../../disk/whole.ts';
import { loadDocument, readLoad } from '../../modes/load/load-folder.ts';
import { loadPage } from '../../reporters/html/load-page.ts';

const REPORT_FILE = 'report.html';

/** Writes a recorded load's report.html again. Returns its path. */
export function writeLoadReport(dir: string): string {
  const history = readLoad(dir);
  const path = join(dir, REPORT_FILE);
  writeWhole(path, loadPage(history, loadDocument(history, dir)));
  return path;
}
