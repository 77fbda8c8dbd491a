import { eventsOf } from '../core/history.ts';
import { redact } from '../core/redact.ts';
import type { JudgedRun, Reporter } from '../core/run.ts';
import type { Traffic } from '../core/traffic.ts';
import { accountLine, ledgerSum } from './account.ts';
import { bounded, count, ms, NONE, perSecond, share } from './figures.ts';
import { byUrgency, headline, resultName, VERDICT_SIGN, wasBroken } from './headline.ts';
import { measure, phaseMeasures } from './measures.ts';
import { rerunCommand } from './rerun.ts';

/** A step summary over 1 MiB is lost whole; this leaves room for others in the same step. Characters. */
const LIMIT = 180_000;
/** Rows of one table. */
const ROWS = 200;

/** Text of unknown origin, on one line, that can neither end a table cell nor be taken for markup. */
const cell = (text: string): string =>
  text
    .slice(0, 2_000)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_|<>[\]#]/g, (c) => `\\${c}`)
    .trim();

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const more =
    rows.length > ROWS ? [line([`… ${rows.length - ROWS} more in report.html`, ...head.slice(1).map(() => '')])] : [];
  return [line(head), line(head.map(() => '---')), ...rows.slice(0, ROWS).map(line), ...more].join('\n');
}

const fence = (text: string): string => `\`\`\`sh\n${text.replaceAll('```', '` ` `')}\n\`\`\``;

/** summary.md: the verdict first, for a CI's step summary. */
export const markdown: Reporter = {
  file: 'summary.md',
  render(judged) {
    const text = redact(
      [verdictPart(judged), ...[checks, problems, phases, audit, hops, faults, reproduce].map((part) => part(judged))]
        .filter((p) => p !== '')
        .join('\n\n'),
    );
    return text.length <= LIMIT ? `${text}\n` : `${text.slice(0, LIMIT)}\n\n… cut here: the whole is in report.html\n`;
  },
};

function verdictPart({ document }: JudgedRun): string {
  const { verdict, title, restored } = document;
  const back = restored ? (wasBroken(document) ? 'system restored ✓' : 'nothing was broken ✓') : '**NOT RESTORED ✗**';
  return `### ${VERDICT_SIGN[verdict]} ${verdict} · ${cell(title)}\n\n${cell(headline(document))}\n\n${back} · run \`${document.run}\` · seed ${document.seed}`;
}

function checks({ document }: JudgedRun): string {
  if (document.checks.length === 0) return '';
  const rows = byUrgency(document.checks).map((c) => [
    `${VERDICT_SIGN[c.verdict]} ${c.verdict}`,
    cell(resultName(c)),
    cell(c.expected),
    cell(c.observed),
    count(c.samples),
  ]);
  return table(['', 'hypothesis', 'expected', 'observed', 'samples'], rows);
}

function problems({ document }: JudgedRun): string {
  const found = [
    ...document.residue.map(
      (r) => `- **left behind:** ${cell(`${r.kind} ${r.target}`)} — put it right with: ${cell(r.how_to_undo)}`,
    ),
    ...document.invalid.map((i) => `- **${cell(i.code)}**: ${cell(i.message)}`),
  ];
  return found.slice(0, ROWS).join('\n');
}

function phases({ history }: JudgedRun): string {
  const measured = phaseMeasures(history);
  if (measured.length === 0) return '';
  const rows = measured.map(({ phase, window, all }) => {
    const length = window.ended - window.started;
    return [phase, ms(length), ...figuresOf(all, length)];
  });
  const byEndpoint = measured.flatMap(({ phase, window, endpoints }) =>
    [...endpoints].map(([name, traffic]) => [cell(name), phase, ...figuresOf(traffic, window.ended - window.started)]),
  );
  return `#### Before, during, after\n\n${table(['phase', 'length', ...FIGURES], rows)}

<details><summary>By endpoint</summary>\n\n${table(['endpoint', 'phase', ...FIGURES], byEndpoint)}\n\n</details>`;
}

const FIGURES = [
  'requests',
  'succeeded',
  'p50',
  'p90',
  'p95',
  'p99',
  'longest',
  'p95 as judged (95 % bounds)',
  'failed',
  'share failed (95 % bounds)',
] as const;

function figuresOf(traffic: Traffic, milliseconds: number): string[] {
  const { p50, p90, p95, p99, max, judgedP95, failed, atLeast, atMost } = measure(traffic);
  return [
    count(traffic.offered),
    perSecond(traffic.ok, milliseconds),
    ...[p50, p90, p95, p99, max].map(ms),
    bounded(judgedP95),
    count(traffic.failed),
    `${share(failed)} (${share(atLeast)} to ${share(atMost)})`,
  ];
}

function audit({ history }: JudgedRun): string {
  const findings = eventsOf(history, 'audit').map((e) => e.finding);
  if (findings.length === 0) return '';
  const rows = findings.map((f) => [
    cell(f.endpoint),
    ...[f.acknowledged, f.lost, f.wrong_value, f.overwritten, f.duplicated, f.effect_missing].map(count),
  ]);
  return `#### Acknowledged writes, looked up afterwards\n\n${table(['endpoint', 'acknowledged', 'lost', 'wrong', 'overwritten', 'twice', 'no effect'], rows)}`;
}

function hops({ document }: JudgedRun): string {
  if (document.reconciliation === undefined) return '';
  const { good, text } = accountLine(document.reconciliation);
  const sums = document.reconciliation.rows.map((row) => `${row.source}: ${ledgerSum(row)}`);
  return `${good ? '✓' : '✗'} ${cell(text)}. ${cell(sums.join('; '))}.`;
}

function faults({ document }: JudgedRun): string {
  if (document.faults.length === 0) return '';
  const rows = document.faults.map((f) => [
    cell(f.id),
    cell(f.target) || NONE,
    f.effective === 'effective' ? '✓ effective' : `? ${f.effective}`,
    cell(f.evidence),
  ]);
  return `#### Did the faults bite?\n\n${table(['fault', 'hit', '', 'evidence'], rows)}`;
}

const reproduce = ({ document }: JudgedRun): string =>
  `<details><summary>Run it again</summary>\n\n${fence(rerunCommand(document))}\n\n</details>`;
