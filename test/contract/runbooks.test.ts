import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ROOT } from '../helpers/chaos.ts';

/** CHAOS_... words that are environment variables and not error codes. */
const VARIABLES = new Set(readFileSync(join(ROOT, 'docker-compose.chaos.yml'), 'utf8').match(/CHAOS_[A-Z_]+/g));
for (const name of [
  'CHAOS_RESULTS_URL',
  'CHAOS_REPORTS',
  'CHAOS_REGISTRY',
  'CHAOS_LOG_LEVEL',
  'CHAOS_STATE',
  'CHAOS_SIGNING_KEY',
  'CHAOS_VERIFY_KEY',
])
  VARIABLES.add(name);
for (const name of ['WEBHOOK_URL', 'WEBHOOK_TOKEN', 'WEBHOOK_NEWS', 'SLACK_WEBHOOK_URL', 'METRICS_DIR'])
  VARIABLES.add(`CHAOS_${name}`);

const sources = readdirSync(join(ROOT, 'harness'), { recursive: true, encoding: 'utf8' }).filter((f) =>
  f.endsWith('.ts'),
);
const used = new Set(
  sources
    .flatMap((file) => readFileSync(join(ROOT, 'harness', file), 'utf8').match(/(?<=')CHAOS_[A-Z0-9_]+(?=')/g) ?? [])
    .filter((code) => !VARIABLES.has(code)),
);
const documented = new Set(readdirSync(join(ROOT, 'runbooks', 'errors')).map((file) => file.replace(/\.md$/, '')));

describe('the runbooks', () => {
  it('have a page in errors/ for every error code of the harness', () => {
    expect([...used].filter((code) => !documented.has(code))).to.deep.equal([]);
  });

  it('have no page in errors/ for a code that nobody throws', () => {
    expect([...documented].filter((code) => !used.has(code))).to.deep.equal([]);
  });

  it('name the error on each page in errors/, and say how the run ends and what to do', () => {
    for (const code of documented) {
      const page = readFileSync(join(ROOT, 'runbooks', 'errors', `${code}.md`), 'utf8');
      expect(page, code).to.match(new RegExp(`^# ${code}\n\n\\*\\*.+\\*\\*\n\n`));
      expect(page, code).to.include('\n→ ');
    }
  });

  it('say on each page in faults/ what happens in life, the proof, what to expect and how to end it', () => {
    for (const name of readdirSync(join(ROOT, 'runbooks', 'faults'))) {
      const page = readFileSync(join(ROOT, 'runbooks', 'faults', name), 'utf8');
      expect(page, name).to.match(
        /^# .+ \(`\w+`\)\n\n[^]+\n\*\*As in life:\*\* [^]+\n\*\*Proof that it bit:\*\* [^]+\n## What to expect\n[^]+\n## If it is still in force\n/,
      );
    }
  });

  it('have no page in faults/ for a fault that does not exist', () => {
    const pages = readdirSync(join(ROOT, 'runbooks', 'faults')).map((f) => f.replace(/\.md$/, ''));
    const faults = readdirSync(join(ROOT, 'harness', 'faults')).map((f) => f.replace(/\.ts$/, ''));
    expect(pages.filter((page) => !faults.includes(page))).to.deep.equal([]);
  });
});
