import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { comparedWithRules } from '../../../../harness/plan/runbook/alerts.ts';
import type { ReadRunbook } from '../../../../harness/plan/index.ts';

const RULES = `groups:
  - name: all
    rules:
      - { alert: QueueDepth, expr: jobs > 500 }
      - alert: NoPrimary
        expr: primaries == 0
        annotations: { runbook: runbooks/alerts/NoPrimary.md }
      - { alert: Lonely, expr: up == 0, annotations: { runbook: runbooks/alerts/Gone.md } }
`;

/** A folder with rules, and with a page for one of them. */
function topologyOf(): { readonly root: string; readonly rules: string } {
  const root = mkdtempSync(join(tmpdir(), 'runbook-alerts-'));
  mkdirSync(join(root, 'runbooks', 'alerts'), { recursive: true });
  writeFileSync(join(root, 'runbooks', 'alerts', 'NoPrimary.md'), '# NoPrimary\n');
  const rules = join(root, 'rules.yaml');
  writeFileSync(rules, RULES);
  return { root, rules };
}

const runbook = (name: string, alerts: readonly string[]): ReadRunbook =>
  ({
    name,
    file: `/runbooks/${name}.md`,
    alerts,
    alertLines: alerts.length === 0 ? [3] : alerts.map(() => 3),
  }) as unknown as ReadRunbook;

const said = (runbooks: readonly ReadRunbook[], all: boolean): string[] =>
  comparedWithRules(runbooks, topologyOf(), all).problems.map(
    ({ file, line, code, severity, message }) => `${file.split('/').at(-1)}:${line} ${severity} ${code} ${message}`,
  );

describe('the alerts of runbooks and the rules of their topology', () => {
  it('are compared: an alert that no rule gives is a mistake, with the name that is nearest', () => {
    const [problem, ...more] = comparedWithRules([runbook('full', ['QueueDeep'])], topologyOf(), false).problems;
    expect(more).to.deep.equal([]);
    expect(problem).to.include({ code: 'CHAOS_NO_RULE', line: 3, file: '/runbooks/full.md', severity: 'error' });
    expect(problem?.hint).to.include('QueueDepth');
  });

  it('warn of a runbook to which no alert leads', () => {
    expect(said([runbook('quiet', [])], false)).to.deep.equal([
      'quiet.md:3 warning CHAOS_RUNBOOK_UNUSED no alert leads to quiet: nobody is woken for its failure',
    ]);
  });

  it('name a rule that leads to no runbook and to no page, only when all runbooks are there', () => {
    const some = [runbook('full', ['QueueDepth'])];
    expect(said(some, false)).to.deep.equal([]);
    expect(said(some, true)).to.deep.equal([
      'rules.yaml:8 error CHAOS_ALERT_RUNBOOK Lonely leads to no runbook and to no page',
    ]);
    expect(said([...some, runbook('lonely', ['Lonely'])], true)).to.deep.equal([]);
  });

  it('tell for each rule where it leads', () => {
    const { alerts } = comparedWithRules(
      [runbook('a', ['QueueDepth']), runbook('b', ['QueueDepth'])],
      topologyOf(),
      true,
    );
    expect(alerts).to.deep.equal({ QueueDepth: ['a', 'b'], NoPrimary: [], Lonely: [] });
  });
});
