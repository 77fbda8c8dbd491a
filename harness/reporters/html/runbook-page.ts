import { relative } from 'node:path';
import type { ArmRow, RunbookDocument } from '../../core/runbook/document.ts';
import { redactDeep } from '../../core/text/redact.ts';
import { moment } from '../wording/figures.ts';
import { armText, gainText, runbookClass, runbookSign } from '../wording/runbook.ts';
import { type Content, markup, type Markup } from './markup.ts';
import { section } from './shell.ts';
import { table } from './tables.ts';
import { verdictPage } from './verdict-page.ts';

/** Returns the page of a validation: the verdict, when the system came back in each arm, and what each command said. */
export function runbookPage(given: RunbookDocument, version: string): string {
  const document = redactDeep(given);
  const { verdict, title, run, started, why, promised_s: promised } = document;
  return verdictPage(
    {
      kicker: `Runbook ${run} · ${moment(started)}`,
      title,
      verdict,
      sign: runbookSign(verdict),
      look: runbookClass(verdict),
      headline: `${why}. Gained: ${gainText(document)}.`,
    },
    [
      section(
        'arms',
        'When the system came back',
        arms(document),
        `Hands off beside what the runbook says. A bar is the time in which the system was broken. The promise: healthy ${promised} s after the first command.`,
      ),
      section(
        'commands',
        'Commands',
        commands(document),
        'What each command printed, in the last arm that carried it out in that state.',
      ),
    ],
    version,
  );
}

function arms({ arms: all, dir }: RunbookDocument): Markup | undefined {
  if (all.length === 0) return undefined;
  const longest = Math.max(...all.map(({ watched_s: watched }) => watched));
  const rows = all.map((arm): Content[] => [
    arm.arm,
    bar(arm, longest),
    armText(arm),
    markup`<a href="${relative(dir, arm.dir)}/report.html">report</a>`,
  ]);
  const columns = ['Arm', 'Broken', 'What was seen', 'Run'].map((name) => ({ name }));
  return table('Each arm, in its order', columns, rows);
}

/** Width of the longest bar, pixels. */
const WIDTH = 240;
const HEIGHT = 12;

/** The time in which the system was broken, beside the time in which it was watched. */
function bar({ recovery_s: recovery, watched_s: watched, recovered }: ArmRow, longest: number): Markup {
  const px = (seconds: number): string => ((seconds / Math.max(1, longest)) * WIDTH).toFixed(1);
  const broken = recovery ?? watched;
  const label = recovered === null ? 'proves nothing' : `broken for ${broken.toFixed(1)} s of ${watched.toFixed(1)} s`;
  return markup`<svg class="bar" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}"><rect width="${px(watched)}" height="${HEIGHT}" rx="2" fill="var(--line)"/><rect width="${px(broken)}" height="${HEIGHT}" rx="2" fill="var(${recovered === null ? '--c0' : '--bad'})"/></svg>`;
}

function commands({ arms: all }: RunbookDocument): Markup | undefined {
  const last = new Map(all.flatMap(({ commands: said }) => said).map((one) => [`${one.name} ${one.state}`, one]));
  if (last.size === 0) return undefined;
  const rows = [...last.values()].map((one): Content[] => [
    one.name,
    `${one.part}, system ${one.state}`,
    one.place ?? 'nowhere',
    one.problem === null ? 'as expected' : one.problem,
    one.took_s.toFixed(1),
    markup`<code>${one.output.trim().slice(0, 300)}</code>`,
  ]);
  const columns = ['Command', 'When', 'Where', 'Result', 'Seconds', 'Output'];
  return table(
    'Each command',
    columns.map((name) => ({ name, number: name === 'Seconds' })),
    rows,
  );
}
