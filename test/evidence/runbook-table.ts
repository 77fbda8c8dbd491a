import type { RunbookDocument } from '../../harness/core/runbook/document.ts';
import type { RunbooksDocument } from '../../harness/core/runbook/many.ts';
import { gainText } from '../../harness/reporters/wording/runbook.ts';
import { row } from './figures.ts';

/** The table of a validation of several runbooks: verdict, gain with its interval, and commit, as Markdown. */
export const runbookTable = ({ runbooks, not_begun: left }: Pick<RunbooksDocument, 'runbooks' | 'not_begun'>): string =>
  [
    row('runbook', 'verdict', 'gained', 'arms', 'arms that prove nothing', 'commit'),
    row('---', '---', '---', '---:', '---:', '---'),
    ...runbooks.map(rowOf),
    ...left.map(({ runbook, reason }) => row(linkTo(runbook), `**not begun**: ${reason}`, '', '0', '0', '')),
  ].join('\n');

const linkTo = (runbook: string): string => `[${runbook}](../runbooks/${runbook}.md)`;

function rowOf(document: RunbookDocument): string {
  const { runbook, verdict, arms, commit, why } = document;
  const empty = arms.filter((arm) => arm.void !== undefined).length;
  const said = verdict === 'proven' ? verdict : `**${verdict}**: ${why.replaceAll('|', '/').replaceAll('\n', ' ')}`;
  return row(linkTo(runbook), said, gainText(document), String(arms.length), String(empty), commit);
}
