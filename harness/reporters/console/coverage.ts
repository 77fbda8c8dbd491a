import { type Cell, CELL_STATES, type CellState } from '../../core/coverage/cell.ts';
import type { Survey } from '../../core/coverage/survey.ts';
import type { TextSink } from '../../core/world.ts';
import {
  countsText,
  dayOf,
  gapsText,
  jobLength,
  jobText,
  matricesOf,
  type Matrix,
  minutesText,
  STATE_MEANING,
  STATE_SIGN,
} from '../wording/coverage.ts';
import { plural } from '../wording/figures.ts';
import { paint } from './paint.ts';

const STYLES: Readonly<Record<CellState, Parameters<typeof paint>[1]>> = {
  failed: 'red',
  proven: 'green',
  stale: 'yellow',
  unclear: 'yellow',
  never: 'dim',
  'not applicable': 'dim',
};
/** The most cells of one state that are named below the matrix. */
const NAMED = 12;

type Sink = Pick<TextSink, 'columns' | 'color' | 'write' | 'isTTY'>;

/** Returns the matrix and what follows from it. A sink that is too narrow for a matrix gets a list of the components. */
export function renderCoverage(survey: Survey, sink: Sink): string {
  const { cells, counts, planned, rule } = survey;
  return [
    ...matricesOf(cells).flatMap((matrix) => [...drawn(matrix, sink), '']),
    ...CELL_STATES.filter((state) => state !== 'not applicable').map(
      (state) => `${sign(state, sink)} ${state}: ${STATE_MEANING[state]}`,
    ),
    '',
    ...(['failed', 'stale', 'unclear'] as const).flatMap((state) =>
      told(
        cells.filter((cell) => cell.state === state),
        sink,
      ),
    ),
    ...told(
      cells.filter(({ state, reason }) => state === 'proven' && reason !== null),
      sink,
    ),
    countsText(counts),
    gapsText(survey),
    ...(planned.length === 0 ? [] : ['', ...tonight(survey), `rule: ${rule}`]),
    '',
  ].join('\n');
}

const sign = (state: CellState, sink: Sink): string => paint(sink, STYLES[state], STATE_SIGN[state]);

function drawn(matrix: Matrix, sink: Sink): string[] {
  const wide = asMatrix(matrix, sink);
  const fits = wide.width <= sink.columns;
  return [paint(sink, 'bold', matrix.title), ...(fits ? wide.lines : asList(matrix, sink))];
}

/** A table: a row for each failure, a column for each component. The name of a component may take several lines. */
function asMatrix({ components, rows }: Matrix, sink: Sink): { readonly width: number; readonly lines: string[] } {
  const heads = components.map((name) => name.split(/ |(?<=-)/));
  const widths = heads.map((words) => Math.max(...words.map((word) => word.length)));
  const first = Math.max(...rows.map(({ failure }) => failure.length));
  const height = Math.max(...heads.map((words) => words.length));
  const line = (name: string, texts: readonly string[]): string => [name.padEnd(first), ...texts].join('  ').trimEnd();
  const head = Array.from({ length: height }, (_, i) =>
    line(
      '',
      heads.map((words, c) => (words[i - height + words.length] ?? '').padEnd(widths[c] ?? 0)),
    ),
  );
  const body = rows.map(({ failure, cells }) =>
    line(
      failure,
      cells.map((cell, c) => {
        const rest = ' '.repeat(Math.max(0, (widths[c] ?? 1) - 1));
        return cell === undefined ? ` ${rest}` : sign(cell.state, sink) + rest;
      }),
    ),
  );
  return { width: first + widths.reduce((sum, width) => sum + width + 2, 0), lines: [...head, ...body] };
}

/** For each component a line with its counts, and its failures below it. */
function asList({ components, rows }: Matrix, sink: Sink): string[] {
  return components.flatMap((component, c) => {
    const cells = rows.flatMap((row) => row.cells[c] ?? []);
    const states = CELL_STATES.flatMap((state) => {
      const found = cells.filter((cell) => cell.state === state);
      return found.length === 0 ? [] : [{ state, found }];
    });
    return [
      `${component}: ${states.map(({ state, found }) => `${found.length} ${state}`).join(', ')}`,
      ...states.flatMap(({ state, found }) => {
        const names = found.map(({ failure }) => failure);
        return wrapped(names, sink.columns - INDENT).map((text, i) => `  ${i === 0 ? sign(state, sink) : ' '} ${text}`);
      }),
    ];
  });
}

/** Characters before the names of failures in a list. */
const INDENT = 4;

/** Returns words in lines of at most `width` characters. A longer word has a line of its own. */
function wrapped(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function told(cells: readonly Cell[], sink: Sink): string[] {
  const lines = cells.slice(0, NAMED).map(({ failure, component, state, when, experiment, reason }) => {
    const by = when === null ? '' : ` ${dayOf(when)}, ${experiment ?? ''}`;
    return `${sign(state, sink)} ${state}: ${failure} of ${component}${by}${reason === null ? '' : `: ${reason}`}`;
  });
  const more = cells.length - lines.length;
  return [
    ...lines,
    ...(more > 0 ? [`  and ${more} more: --json or --html FILE`] : []),
    ...(lines.length > 0 ? [''] : []),
  ];
}

function tonight({ planned }: Survey): string[] {
  const all = planned.reduce((sum, { minutes }) => sum + minutes, 0);
  return [
    `tonight: ${plural(planned.length, 'experiment')} in ${minutesText(all)}`,
    ...planned.map(
      (job, i) =>
        `${String(i + 1).padStart(3)}  ${jobLength(job).padStart(12)}  ${job.file ?? job.experiment}  ${jobText(job)}`,
    ),
  ];
}
