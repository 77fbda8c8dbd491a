import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { type ErrorCode } from '../../core/errors.ts';
import type { Limited } from '../../core/kinds/limit.ts';
import type { Series } from '../../core/kinds/series.ts';
import type { Problem } from '../../core/plan/problem.ts';
import {
  HEADINGS,
  type Part,
  PARTS,
  PROSE,
  type Runbook,
  type RunbookCommand,
  type RunbookSection,
} from '../../core/runbook/runbook.ts';
import { commandAttributes, commandOf } from '../../kit/runbook/command.ts';
import { didYouMean } from '../../kit/suggest.ts';
import { problemsOf } from '../source/issues.ts';
import { mapOf } from '../source/map.ts';
import { parseSource, placeOf, type Source, valueOf } from '../source/source.ts';
import { type Front, frontShape } from './front.ts';
import { type Fence, readMarkdown, type Section } from './markdown.ts';

/** A runbook that was read, with what its runs need. */
export interface ReadRunbook extends Runbook {
  /** The failure: an item of an experiment's faults, as written. */
  readonly fault: Readonly<Record<string, unknown>>;
  /** Line of the failure in the file, 1-based. */
  readonly faultLine: number;
  /** Lines of the names in `alerts`; without names, the line of the key itself when it is there. */
  readonly alertLines: readonly number[];
  readonly healthy: readonly Limited[];
  /** The conditions in `healthy`, as written. */
  readonly healthyWritten: unknown;
  /** Absolute path. */
  readonly experiment: string;
  /** Requests a second, instead of what the experiment's load says; undefined: as it says. */
  readonly rate: number | undefined;
  /** The whole text below the title. */
  readonly sections: readonly RunbookSection[];
}

export interface RunbookRead {
  /** Undefined when there are problems. */
  readonly runbook: ReadRunbook | undefined;
  readonly problems: readonly Problem[];
}

/** Attributes of Runme, which mean nothing here and may stay. */
const RUNMES = new Set(
  'id cwd interactive background tag category excludeFromRunAll closeTerminalOnSuccess mimeType interpreter terminalRows promptEnv'.split(
    ' ',
  ),
);
const LANGUAGES = new Set(['sh', 'bash', 'shell']);
const OPTIONAL: readonly Part[] = ['way back'];
const TOP = /^---\n(?<yaml>[\s\S]*?)\n---(?:\n|$)/;

/** Reads a runbook. Returns it, or every mistake with its place. Touches nothing else. */
export function readRunbook(file: string, series: readonly Series[], text = textOf(file)): RunbookRead {
  if (typeof text !== 'string') return { runbook: undefined, problems: [text] };
  const at = placed(file);
  const yaml = TOP.exec(text)?.groups?.['yaml'];
  if (yaml === undefined) {
    const hint = 'Begin with a line "---", what the runbook says about itself, and "---": `chaos explain runbook`.';
    return {
      runbook: undefined,
      problems: [at(1, 1, 'CHAOS_RUNBOOK_TOP', 'the runbook does not say what it is for', hint)],
    };
  }
  const top = parseSource(file, `\n${yaml}\n`);
  const { front, problems: wrongTop } = frontOf(top, series);
  // Lines stay as they are in the file.
  const body = text.replace(TOP, (head) => head.replaceAll(/[^\n]/g, ''));
  const { title, sections } = readMarkdown(body);
  const { commands, problems: wrongBody } = commandsIn(sections, file);
  const untitled =
    title === undefined
      ? [
          at(
            1,
            1,
            'CHAOS_RUNBOOK_SECTION',
            'the runbook has no title',
            'Write # and the failure in one line, as a person on call sees it.',
          ),
        ]
      : [];
  const problems = [...wrongTop, ...untitled, ...missing(sections, file), ...wrongBody];
  if (problems.length > 0 || front === undefined || !('doc' in top)) return { runbook: undefined, problems };
  const { fault, alerts, experiment, rate, healthy, within, begins, heals } = front;
  return {
    problems: [],
    runbook: {
      file,
      name: basename(file, '.md'),
      title: title ?? '',
      heals,
      alerts,
      withinMs: within,
      beginsMs: begins,
      commands,
      fault,
      faultLine: placeOf(top, [], 'fault').line,
      alertLines: (alerts.length === 0 ? [['alerts']] : alerts.map((_, i) => ['alerts', i])).map(
        (path) => placeOf(top, path).line,
      ),
      healthy,
      healthyWritten: mapOf(valueOf(top))['healthy'],
      experiment: resolve(dirname(file), experiment),
      rate,
      sections: sections.map((section) => proseOf(section, commands)),
    },
  };
}

function textOf(file: string): string | Problem {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return {
      file,
      code: 'CHAOS_FILE_MISSING',
      message: 'there is no such runbook that can be read',
      hint: 'Run `ls runbooks/`, or correct the path.',
      severity: 'error',
    };
  }
}

const placed =
  (file: string) =>
  (line: number, column: number, code: ErrorCode, message: string, hint: string): Problem => ({
    file,
    line,
    column,
    code,
    message,
    hint,
    severity: 'error',
  });

function frontOf(
  top: Source | readonly Problem[],
  series: readonly Series[],
): { readonly front: Front | undefined; readonly problems: readonly Problem[] } {
  if (!('doc' in top)) return { front: undefined, problems: top };
  const shape = frontShape(series);
  const { data, error } = shape.safeParse(valueOf(top));
  const problems = error === undefined ? [] : problemsOf(error.issues, top, shape).map(({ problem }) => problem);
  return { front: data, problems };
}

const same = (heading: string, wanted: string): boolean => heading.trim().toLowerCase() === wanted.toLowerCase();
const partOf = ({ heading }: Section): Part | undefined => PARTS.find((part) => same(heading, HEADINGS[part]));

/** Returns a section as people read it: each command stands where its fence is. */
const proseOf = ({ heading, blocks }: Section, commands: readonly RunbookCommand[]): RunbookSection => ({
  heading,
  blocks: blocks.map(({ line, text }) => {
    const command = commands.find((one) => one.line === line);
    return command === undefined ? { text } : { command: command.name };
  }),
});

/** Returns the sections that are missing or empty, and those whose heading is nearly right. */
function missing(sections: readonly Section[], file: string): Problem[] {
  const at = placed(file);
  const wanted = [...PARTS.filter((part) => !OPTIONAL.includes(part)).map((part) => HEADINGS[part]), ...PROSE];
  return wanted.flatMap((heading) => {
    const found = sections.find((section) => same(section.heading, heading));
    if (found !== undefined && found.blocks.length > 0) return [];
    const others = sections.map((section) => section.heading);
    const hint =
      found === undefined
        ? didYouMean(heading, others)
        : 'A person on call reads it first at 3 a.m.: write one sentence.';
    return [
      at(
        found?.line ?? 1,
        1,
        'CHAOS_RUNBOOK_SECTION',
        `the section "${heading}" is ${found === undefined ? 'missing' : 'empty'}`,
        hint,
      ),
    ];
  });
}

function commandsIn(
  sections: readonly Section[],
  file: string,
): { readonly commands: readonly RunbookCommand[]; readonly problems: readonly Problem[] } {
  const read = sections.flatMap((section) => {
    const part = partOf(section);
    if (part === undefined) return [];
    return section.fences
      .filter(({ language, attributes }) => LANGUAGES.has(language) || attributes !== '')
      .map((fence) => commandIn(fence, part, file));
  });
  const commands = read.flatMap(({ command }) => (command === undefined ? [] : [command]));
  const at = placed(file);
  const twice = commands.filter(({ name }, i) => commands.findIndex((other) => other.name === name) < i);
  return {
    commands,
    problems: [
      ...read.flatMap(({ problems }) => problems),
      ...twice.map(({ name, line }) =>
        at(line, 1, 'CHAOS_RUNBOOK_FENCE', `two commands are named "${name}"`, 'Give each command a name of its own.'),
      ),
      ...unexpecting(commands, file),
    ],
  };
}

function commandIn(
  { attributes, line, column, text }: Fence,
  part: Part,
  file: string,
): { readonly command?: RunbookCommand; readonly problems: readonly Problem[] } {
  const at = placed(file);
  if (attributes === '') {
    const hint = 'Write what it is called and where it runs: ```sh {"name": "look", "in": "app"}';
    return { problems: [at(line, column, 'CHAOS_RUNBOOK_FENCE', 'this command does not say where it runs', hint)] };
  }
  if (attributes.includes('\\')) {
    const hint = 'Programs that format Markdown change backslashes there. Write [0-9] for a digit, and [.] for a dot.';
    return { problems: [at(line, column, 'CHAOS_RUNBOOK_FENCE', 'these attributes have a backslash', hint)] };
  }
  // JSON is YAML: the same reader names the place of a mistake in it.
  const source = parseSource(file, `${'\n'.repeat(line - 1)}${' '.repeat(column - 1)}${attributes}`);
  if (!('doc' in source)) return { problems: source };
  const written = Object.fromEntries(Object.entries(mapOf(valueOf(source))).filter(([key]) => !RUNMES.has(key)));
  const { data, error } = commandAttributes.safeParse(written);
  if (data === undefined)
    return { problems: problemsOf(error.issues, source, commandAttributes, written).map(({ problem }) => problem) };
  if (text.trim() === '')
    return {
      problems: [
        at(
          line,
          column,
          'CHAOS_RUNBOOK_FENCE',
          `"${data.name}" has no command`,
          'Write the command between the fences.',
        ),
      ],
    };
  return { command: commandOf(data, { part, line, run: text }), problems: [] };
}

/** Returns a problem for each part in which nothing is expected: it would say yes whatever happens. */
function unexpecting(commands: readonly RunbookCommand[], file: string): Problem[] {
  const at = placed(file);
  return (['confirm', 'worked'] as const).flatMap((part) => {
    const mine = commands.filter((command) => command.part === part);
    if (mine.some(({ expect }) => expect !== undefined)) return [];
    const heading = HEADINGS[part];
    const what =
      mine.length === 0 ? `"${heading}" has no command` : `no command below "${heading}" says what it must print`;
    const hint = 'Write a command with "expect": a text that it prints only in this case.';
    return [at(mine[0]?.line ?? 1, 1, 'CHAOS_RUNBOOK_EXPECTS', what, hint)];
  });
}
