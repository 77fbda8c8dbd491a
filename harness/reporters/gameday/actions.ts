import type { GamedayAction } from '../../core/gameday/events.ts';
import type { GamedayReporter } from '../../core/gameday/reporter.ts';
import { csvLine } from '../../core/text/csv.ts';
import { redactDeep } from '../../core/text/redact.ts';
import { visibleJson } from '../../core/text/visible.ts';
import { markdownCell } from '../wording/markdown-text.ts';

/** Returns a line of a task list for each action, as forges show it. */
export const actionLines = (actions: readonly GamedayAction[]): string[] =>
  actions.map(({ what, owner, due, experiment }) => {
    const shown = experiment === null ? 'no experiment shows it' : `shown by ${markdownCell(experiment)}`;
    return `- [ ] ${markdownCell(what)} (${markdownCell(owner)}, by ${due}; ${shown})`;
  });

const inMarkdown: GamedayReporter = {
  file: 'actions.md',
  render({ document }) {
    const { title, actions } = redactDeep(document);
    const lines = actions.length === 0 ? ['Nobody wrote an action down.'] : actionLines(actions);
    return `# Actions: ${markdownCell(title)}\n\n${lines.join('\n')}\n`;
  },
};

/** A spreadsheet takes a text that begins so for a formula, and would carry it out. */
const FORMULA = /^[=+\-@\t\r]/;
const harmless = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

const COLUMNS = ['action', 'what', 'owner', 'due', 'experiment', 'gameday'] as const;

const inCsv: GamedayReporter = {
  file: 'actions.csv',
  render({ document }) {
    const { run, actions } = redactDeep(document);
    const rows = actions.map(({ action, what, owner, due, experiment }) =>
      csvLine([action, harmless(what), harmless(owner), due, experiment === null ? null : harmless(experiment), run]),
    );
    return csvLine(COLUMNS) + rows.join('');
  },
};

const inJson: GamedayReporter = {
  file: 'actions.json',
  render({ document }) {
    const { run, title, actions } = redactDeep(document);
    return `${visibleJson(JSON.stringify({ schema_version: 1, gameday: run, title, actions }, null, 2))}\n`;
  },
};

/** What follows from a game day, as a task list, a table and data. */
export const actionReporters: readonly GamedayReporter[] = [inMarkdown, inCsv, inJson];
