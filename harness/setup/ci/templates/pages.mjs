// Copies the page of the suite and of each of its runs to where the job keeps files: `node pages.mjs OUT REPORTS`. A page
// needs no other file.
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { experimentsOf, readSuite } from './night.mjs';

const [out = 'chaos-out', reports = 'reports'] = process.argv.slice(2);
const suite = readSuite(out);

function copy(from, name) {
  if (!existsSync(from)) return;
  mkdirSync(join(out, 'pages'), { recursive: true });
  copyFileSync(from, join(out, 'pages', name));
}

for (const { runs } of experimentsOf(suite))
  for (const run of runs) copy(join(reports, run, 'report.html'), `${run}.html`);
if (typeof suite?.dir === 'string' && existsSync(suite.dir))
  for (const name of readdirSync(suite.dir)) if (name.endsWith('.html')) copy(join(suite.dir, name), name);
copy(join(reports, 'index.html'), 'index.html');
