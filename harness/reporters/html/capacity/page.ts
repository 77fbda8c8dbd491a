import type { CapacityRow, CapacitySignOff } from '../../../core/capacity/document.ts';
import { FULL } from '../../../core/certificate/statements.ts';
import { formatDuration } from '../../../core/duration.ts';
import { redactDeep } from '../../../core/text/redact.ts';
import {
  capacityClass,
  capacitySentence,
  capacitySign,
  carriedText,
  forecastText,
  fullRow,
  keptText,
  limitText,
  machineText,
  rateText,
} from '../../wording/capacity.ts';
import { moment, NONE, share } from '../../wording/figures.ts';
import { type Content, markup, type Markup } from '../markup.ts';
import { section, stillPage } from '../shell.ts';
import { table } from '../tables.ts';
import { goodputCurve } from './curve.ts';

/** Returns the page for whoever signs: what was asked, what was measured, what is left when something is gone, and what it rests on. */
export function capacityPage(given: CapacitySignOff, version: string): string {
  const document = redactDeep(given);
  const { verdict, title, run, started, signer, not_after: notAfter } = document;
  const forecast = forecastText(document);
  return stillPage({
    title: `${verdict} · ${title}`,
    version,
    body: markup`<header class="banner verdict-${capacityClass(verdict)}">
<p class="kicker">Capacity ${run} · ${moment(started)}</p>
<h1>${title}</h1>
<p class="verdict"><strong><span class="sign" aria-hidden="true">${capacitySign(verdict)}</span> ${verdict}</strong> <span class="headline">${capacitySentence(document)}</span></p>
<p class="note">${signer === null ? 'Nobody is named who signs.' : `For ${signer} to sign.`} ${notAfter === null ? '' : `Valid until ${moment(notAfter)}, and until anything that it was measured on changes.`}</p>
</header>
${section('margins', 'What was asked, and what is there', margins(document), targetsText(document))}
${section('left', 'What is left when something is gone', left(document), 'Each interval holds the true value with 90 % probability. "Left of full" is the share of the capacity without any fault.')}
${section('curve', 'Answers in time, and past the knee', goodputCurve(pointsOf(document), fullRow(document), document.wanted.rate_per_s), 'A dot was carried, a cross was not, a square is not certain. The band is the interval of the knee. The slanted line: every request is answered in time.')}
${section('conditions', 'Conditions', list(document.conditions))}
${section('not-shown', 'What is not shown', list(document.not_run.map(({ what, reason }) => `${what}: ${reason}`)))}
${section('experiments', 'Experiments', experiments(document))}
${section('forecast', 'When the margin ends', forecast === undefined ? undefined : markup`<p>${forecast}</p>`)}
${section('machine', 'What it was measured on', machine(document), machineText(document))}
${section('evidence', 'What this rests on', evidence(document))}`,
  });
}

/** The steps without any fault. */
const pointsOf = ({ curve }: CapacitySignOff): CapacitySignOff['curve'] =>
  curve.filter(({ condition, verdict }) => condition === FULL && verdict !== 'generator');

function targetsText({ targets: { latency, errors, limits = {} } }: CapacitySignOff): string {
  const p95 = latency.map(({ of, p95Ms }) => `p95 of ${of} below ${formatDuration(p95Ms)}`);
  const cpu = Object.entries(limits.cpu ?? {}).map(([service, most]) => `CPU of ${service} below ${share(most)}`);
  const connections = limits.connections === undefined ? [] : [`connections below ${share(limits.connections)}`];
  return `Within the objective: ${[...p95, `errors below ${share(errors)}`, ...cpu, ...connections].join(', ')}.`;
}

function margins({ margins: all }: CapacitySignOff): Markup | undefined {
  if (all.length === 0) return undefined;
  const columns = ['Condition', 'Needed', 'There is', 'Interval', 'So it is'].map((name) => ({ name }));
  const rows = all.map(({ condition, of, needed, ratio, low, high, is }): Content[] => {
    const asked = of === 'rate' ? rateText(needed) : `${share(needed)} of full`;
    const [unit, digits] = of === 'rate' ? [' times', 2] : [' of full', 2];
    return [
      condition,
      asked,
      `${ratio.toFixed(digits)}${unit}`,
      `${low.toFixed(digits)} to ${high === null ? 'unknown' : high.toFixed(digits)}`,
      is,
    ];
  });
  return table('What each condition must carry', columns, rows);
}

function left(document: CapacitySignOff): Markup | undefined {
  if (document.knees.length === 0) return undefined;
  const full = fullRow(document);
  const columns = ['Condition', 'Carries', 'Left of full', 'As a bar', 'Breaks first', 'Limits'].map((name) => ({
    name,
  }));
  const rows = document.knees.map((row): Content[] => [
    row.condition,
    carriedText(row),
    keptText(row, full) ?? NONE,
    bar(row, full),
    limitText(row.limit),
    row.limits.map(({ limit, low, high }) => `${limitText(limit)} ${low} to ${high}/s`).join('; ') || NONE,
  ]);
  return table('What each condition carries', columns, rows);
}

/** Width of the bar of the full capacity, pixels. */
const WIDTH = 160;
const HEIGHT = 12;

/** The lower end of what is left, solid, and its interval, paler. */
function bar(row: CapacityRow, full: CapacityRow | undefined): Markup | undefined {
  if (full === undefined) return undefined;
  const most = Math.max(full.high ?? full.low, row.high ?? row.low);
  const px = (perS: number): string => ((perS / most) * WIDTH).toFixed(1);
  const label = `${row.condition}: ${carriedText(row)}`;
  return markup`<svg class="bar" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}"><rect width="${px(row.high ?? row.low)}" height="${HEIGHT}" rx="2" fill="var(--line)"/><rect width="${px(row.low)}" height="${HEIGHT}" rx="2" fill="var(--c1)"/></svg>`;
}

const list = (texts: readonly string[]): Markup | undefined =>
  texts.length === 0 ? undefined : markup`<ul>${texts.map((text) => markup`<li>${text}</li>`)}</ul>`;

function experiments({ experiments: all }: CapacitySignOff): Markup | undefined {
  if (all.length === 0) return undefined;
  const rows = all.map(({ experiment, verdict, run }): Content[] => [
    experiment,
    verdict,
    run === undefined ? NONE : markup`<a href="${run}/report.html">report</a>`,
  ]);
  return table(
    'Experiments that must PASS',
    ['Experiment', 'Verdict', 'Run'].map((name) => ({ name })),
    rows,
  );
}

const machine = ({ machine: facts }: CapacitySignOff): Markup =>
  table(
    'The machine',
    [{ name: 'What' }, { name: 'Is' }],
    Object.entries(facts).map(([name, value]) => [name, value]),
  );

function evidence({ certificate, signed, registered, waivers, signs }: CapacitySignOff): Markup {
  const file =
    certificate === null
      ? 'Nothing is certified.'
      : `${certificate}: ${signed ? 'signed with an Ed25519 key' : 'not signed, because there was no key: anybody can change it'}. ${signs === 'rates' ? 'It is about requests a second.' : 'It is about ratios only.'}`;
  return markup`<ul><li>${file}</li>
<li>The targets were written down before the first request: SHA-256 <code>${registered}</code>.</li>
<li>Every request of every step is in the folder <code>steps</code>. <code>chaos capacity judge</code> judges them again.</li>
${waivers.map(({ of, by, reason }) => markup`<li>${by} waives "${of}": ${reason}</li>`)}</ul>`;
}
