import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readRunbook } from '../../../../harness/plan/runbook/read.ts';
import { series } from '../../../../harness/series/index.ts';
import { ROOT } from '../../../helpers/chaos.ts';

const FOLDER = join(ROOT, 'runbooks');
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.md') && file !== 'README.md');

/** The failures that need a runbook, by its name. */
const WANTED = [
  'bad-release',
  'certificate-expired',
  'connections-exhausted',
  'disk-full',
  'long-transaction',
  'names-unresolved',
  'no-primary',
  'overload',
  'poison-jobs',
  'redis-full',
  'redis-refuses-writes',
  'redis-stopped',
  'replica-cut-off',
  'replica-restarts',
  'replication-stopped',
  'slow-link',
  'standby-missing',
  'table-locked',
];

describe('the shipped runbooks', () => {
  it('are there, one for each failure that somebody may meet here', () => {
    expect(files.map((file) => file.replace(/\.md$/, ''))).to.include.members(WANTED);
  });

  it('have each a row in the table of their folder, with the alerts that lead there', () => {
    const rows = readFileSync(join(FOLDER, 'README.md'), 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, , link = '', alert = ''] = line.split('|').map((cell) => cell.trim());
        const [, name] = /^\[[\w-]+\]\(([\w-]+)\.md\)/.exec(link) ?? [];
        return name === undefined ? [] : [{ name, alert }];
      });
    expect(rows.map(({ name }) => `${name}.md`)).to.have.members(files);
    for (const { name, alert } of rows) {
      const alerts = readRunbook(join(FOLDER, `${name}.md`), series).runbook?.alerts ?? [];
      expect(alert, name).to.equal(alerts.join(', ') || '–');
    }
  });

  for (const file of files) {
    it(`${file} can be read, and so can each of its scripts by sh`, () => {
      const { runbook, problems } = readRunbook(join(FOLDER, file), series);
      expect(problems).to.deep.equal([]);
      for (const { name, run, where } of runbook?.commands ?? []) {
        if (where === 'host') continue;
        const { status, stderr } = spawnSync('sh', ['-n'], { input: run, encoding: 'utf8' });
        expect(`${name}: ${status} ${stderr}`).to.equal(`${name}: 0 `);
      }
    });
  }
});
