import { eventsOf } from '../core/record/history.ts';
import { redact } from '../core/text/redact.ts';
import type { JudgedRun, Reporter } from '../core/record/run.ts';
import type { Traffic } from '../core/record/traffic.ts';
import { visible } from '../core/text/visible.ts';
import { markdownCell, markdownTable, ROWS, withinLimit } from './wording/markdown-text.ts';
import { BURN_ASSUMES, burnText, saturdayText } from './wording/burn.ts';
import { alertLines } from './wording/alerts.ts';
import { accountLine, ledgerSum } from './wording/account.ts';
import { foundAndGone, foundInWords } from './wording/found.ts';
import { bounded, count, ms, NONE, perSecond, share } from './wording/figures.ts';
import { byUrgency, headline, restoredText, resultName, VERDICT_SIGN } from './wording/headline.ts';
import { measure, phaseMeasures } from './wording/measures.ts';
import { rerunCommand } from './wording/rerun.ts';
import { scalingLines } from './wording/scaling.ts';

const fence = (text: string): string => `\`\`\`sh\n${visible(text).replaceAll('```', '` ` `')}\n\`\`\``;

/** summary.md: for a CI's step summary, with the verdict first. */
const reporter: Reporter = {
  name: 'markdown',
  file: 'summary.md',
  render(judged) {
    const text = redact(
      [
        verdictPart(judged),
        ...[checks, problems, phases, scaling, alerts, audit, hops, faults, budget, reproduce].map((part) =>
          part(judged),
        ),
      ]
        .filter((p) => p !== '')
        .join('\n\n'),
    );
    return withinLimit(text, 'report.html');
  },
};

function verdictPart({ document }: JudgedRun): string {
  const { verdict, title, restored } = document;
  const back = restored ? `${restoredText(document)} ✓` : '**NOT RESTORED ✗**';
  return `### ${VERDICT_SIGN[verdict]} ${verdict} · ${markdownCell(title)}\n\n${markdownCell(headline(document))}\n\n${back} · run \`${document.run}\` · seed ${document.seed}`;
}

function checks({ document }: JudgedRun): string {
  if (document.checks.length === 0) return '';
  const rows = byUrgency(document.checks).map((c) => [
    `${VERDICT_SIGN[c.verdict]} ${c.verdict}`,
    markdownCell(resultName(c)),
    markdownCell(c.expected),
    markdownCell(c.observed),
    count(c.samples),
  ]);
  return markdownTable(['', 'hypothesis', 'expected', 'observed', 'samples'], rows);
}

function problems({ document }: JudgedRun): string {
  const found = [
    ...document.residue.map(
      (r) =>
        `- **left behind:** ${markdownCell(`${r.kind} ${r.target}`)} — repair it with: ${markdownCell(r.how_to_undo)}`,
    ),
    ...foundAndGone(document).map((one) => `- **found by the audit:** ${markdownCell(foundInWords(one))}`),
    ...document.invalid.map((i) => `- **${markdownCell(i.code)}**: ${markdownCell(i.message)}`),
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
    [...endpoints].map(([name, traffic]) => [
      markdownCell(name),
      phase,
      ...figuresOf(traffic, window.ended - window.started),
    ]),
  );
  return `#### Before, during, after\n\n${markdownTable(['phase', 'length', ...FIGURES], rows)}

<details><summary>By endpoint</summary>\n\n${markdownTable(['endpoint', 'phase', ...FIGURES], byEndpoint)}\n\n</details>`;
}

const FIGURES = [
  'requests',
  'succeeded',
  'p50',
  'p90',
  'p95 (95 % bounds)',
  'p99',
  'longest',
  'p95 of successes',
  'failed',
  'share failed (95 % bounds)',
] as const;

function figuresOf(traffic: Traffic, milliseconds: number): string[] {
  const { p50, p90, p95, p95Bounds, p99, max, p95OfSuccesses, failed, atLeast, atMost } = measure(traffic);
  return [
    count(traffic.offered),
    perSecond(traffic.ok, milliseconds),
    ms(p50),
    ms(p90),
    bounded(p95, p95Bounds),
    ms(p99),
    ms(max),
    ms(p95OfSuccesses),
    count(traffic.failed),
    `${share(failed)} (${share(atLeast)} to ${share(atMost)})`,
  ];
}

function alerts({ document: { alerts: found } }: JudgedRun): string {
  if (found === undefined) return '';
  return `#### Alerts\n\n${alertLines(found)
    .map((line) => `- ${markdownCell(line)}`)
    .join('\n')}`;
}

function scaling({ document: { scaling: services = [] } }: JudgedRun): string {
  if (services.length === 0) return '';
  const lines = services.flatMap((one) =>
    scalingLines(one).map((line) => `- ${markdownCell(`${one.service}: ${line}`)}`),
  );
  return `#### Scaling\n\n${lines.join('\n')}`;
}

function audit({ history }: JudgedRun): string {
  const findings = eventsOf(history, 'audit').map((e) => e.finding);
  const ended = eventsOf(history, 'audit.ended').at(-1);
  if (findings.length === 0 && ended?.complete !== false) return '';
  const rows = findings.map((f) => [
    markdownCell(f.endpoint),
    ...[f.acknowledged, f.lost, f.wrong_value, f.overwritten, f.duplicated, f.effect_missing, f.effect_repeated].map(
      count,
    ),
  ]);
  const broke =
    ended?.complete === false
      ? `The audit broke off, so more may be lost: ${markdownCell(ended.problem ?? '')}\n\n`
      : '';
  return `#### Acknowledged writes, looked up afterwards\n\n${broke}${markdownTable(['endpoint', 'acknowledged', 'lost', 'wrong', 'overwritten', 'twice', 'no effect', 'effect twice'], rows)}`;
}

function hops({ document }: JudgedRun): string {
  if (document.reconciliation === undefined) return '';
  const { good, text } = accountLine(document.reconciliation);
  const sums = document.reconciliation.rows.map((row) => `${row.source}: ${ledgerSum(row)}`);
  return `${good ? '✓' : '✗'} ${markdownCell(text)}. ${markdownCell(sums.join('; '))}.`;
}

function faults({ document }: JudgedRun): string {
  if (document.faults.length === 0) return '';
  const rows = document.faults.map((f) => [
    markdownCell(f.id),
    markdownCell(f.target) || NONE,
    f.effective === 'effective' ? '✓ effective' : `? ${f.effective}`,
    markdownCell(f.evidence),
  ]);
  return `#### Did the faults bite?\n\n${markdownTable(['fault', 'hit', '', 'evidence'], rows)}`;
}

function budget({ document: { sla } }: JudgedRun): string {
  if (sla === undefined || sla.faults.length === 0) return '';
  const lines = sla.faults.map((burn) => {
    const saturday = saturdayText(burn, sla);
    return `- ${markdownCell(`${burn.id}: ${burnText(burn, sla)}${saturday === '' ? '' : `; ${saturday}`}`)}`;
  });
  return `#### What did it cost of the error budget?\n\n${lines.join('\n')}\n\n${BURN_ASSUMES} Counted: ${sla.population}.`;
}

const reproduce = ({ document }: JudgedRun): string =>
  `<details><summary>Run it again</summary>\n\n${fence(rerunCommand(document))}\n\n</details>`;

export default reporter;
