// Annotates what did not pass, at the file and line of its hypothesis: `node annotate.mjs github|gitlab OUT REPORTS`. For
// GitHub it prints workflow commands, for GitLab it writes OUT/code-quality.json. GitHub shows at most 10 of a step.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { experimentsOf, readRun, readSuite } from './night.mjs';

const MOST = 10;
/** These prove nothing, and are no errors of the system. */
const WARNINGS = ['INCONCLUSIVE', 'NOT READY', 'INTERRUPTED', 'unstable'];

const [service, out = 'chaos-out', reports = 'reports'] = process.argv.slice(2);

/** Returns what did not pass in one experiment. Its last attempt says why. */
function notesOf({ experiment, verdict, runs }) {
  if (verdict === 'PASS') return [];
  const run = runs.at(-1);
  const document = run === undefined ? undefined : readRun(reports, run);
  const file = fileOf(document?.plan?.file);
  const note = (of, line, message, about = '') => ({
    level: WARNINGS.includes(of) ? 'warning' : 'error',
    file,
    line: Number.isSafeInteger(line) && line > 0 ? line : 1,
    title: `${of}: ${experiment}`,
    about,
    message: run === undefined ? message : `${message} (run ${run})`,
  });
  const failed = (document?.checks ?? []).filter((check) => check.verdict !== 'PASS');
  if (failed.length === 0) return [note(verdict, 1, document?.reason ?? 'no check says why: see the report')];
  return failed.map((c) =>
    note(
      c.verdict,
      c.line,
      `${c.name}: expected ${c.expected}, observed ${c.observed}`,
      `${c.name} ${(c.during ?? []).join(' ')}`,
    ),
  );
}

/** Returns a path within the checkout; undefined for every other. */
function fileOf(path) {
  if (typeof path !== 'string') return undefined;
  const within = relative(process.cwd(), resolve(path));
  return within.startsWith('..') ? undefined : within;
}

// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
const data = (text) => String(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

function github({ level, file, line, title, message }) {
  const where = file === undefined ? [] : [`file=${property(file)}`, `line=${line}`];
  return `::${level} ${[...where, `title=${property(title)}`].join(',')}::${data(message)}`;
}

// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
const gitlab = ({ level, file, line, title, about, message }, i, all) => ({
  description: `${title}: ${message}`,
  check_name: 'chaos',
  // The same each night, so that GitLab sees what is new. One hypothesis has a result for each phase, all at one line.
  fingerprint: createHash('sha256')
    .update(JSON.stringify([file, line, title, about, all.slice(0, i).filter((one) => isAlike(one, all[i])).length]))
    .digest('hex'),
  severity: level === 'error' ? 'major' : 'minor',
  location: { path: file ?? 'chaos', lines: { begin: line } },
});

const isAlike = (a, b) => ['file', 'line', 'title', 'about'].every((key) => a[key] === b[key]);

const all = experimentsOf(readSuite(out)).flatMap(notesOf);
const first = [...all.filter(({ level }) => level === 'error'), ...all.filter(({ level }) => level === 'warning')];
const shown = first.slice(0, MOST);
if (service === 'gitlab')
  writeFileSync(join(out, 'code-quality.json'), `${JSON.stringify(shown.map(gitlab), null, 2)}\n`);
else process.stdout.write(shown.map((note) => `${github(note)}\n`).join(''));
if (all.length > MOST) process.stdout.write(`${all.length - MOST} more are in the summary\n`);
