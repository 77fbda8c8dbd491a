import type { Target } from '../topology/aim.ts';

/** The parts of a runbook that have commands, in the order in which a person follows them. */
export const PARTS = ['confirm', 'do', 'worked', 'way back'] as const;
export type Part = (typeof PARTS)[number];

/** The heading of each part, as a person writes it. */
export const HEADINGS: Readonly<Record<Part, string>> = {
  confirm: 'Confirm',
  do: 'What to do',
  worked: 'How to know that it worked',
  'way back': 'Way back',
};

/** Headings of the parts for people only. Commands below these are not carried out. */
export const PROSE = ['Symptom', 'What makes it worse', 'When to escalate'] as const;

/** Where a command runs: in a container of the topology, or on the host, where the topology allows the command by name. */
export type Where = { readonly target: Target; readonly every?: true } | 'host';

/** Returns a place as a runbook writes it: "every app", "primary of postgres", "host". */
export function whereText(where: Where): string {
  if (where === 'host') return 'host';
  const { service, role, replica } = where.target;
  return [where.every === true ? 'every' : '', role === undefined ? '' : `${role} of`, service, replica ?? '']
    .filter((part) => part !== '')
    .join(' ');
}

/** Returns a place for people: "in primary of postgres", "on the host". */
export const placeText = (where: Where): string => (where === 'host' ? 'on the host' : `in ${whereText(where)}`);

/** What a command must print. Without an expectation it must only end with 0. */
export type Expectation =
  /** The output has this text. */
  | { readonly has: string }
  /** The output matches this regular expression, with the flags `ms`. */
  | { readonly matches: string };

export interface RunbookCommand {
  /** Unique in its runbook. */
  readonly name: string;
  readonly part: Part;
  /** 1-based line of the fence in the runbook's file. */
  readonly line: number;
  readonly where: Where;
  /** The user in the container. Absent: root. */
  readonly user?: string;
  /** The text of the fence: a script for `sh`, or on the host one command without a shell. */
  readonly run: string;
  readonly expect?: Expectation;
  readonly timeoutMs: number;
  /** False: the command only looks, and a person may repeat it. */
  readonly changes: boolean;
  /** A question for a person. Where nobody can be asked, `run` answers in the person's place. */
  readonly ask?: string;
}

/** Text in Markdown, or the name of the command that stands there. */
type RunbookBlock = { readonly text: string } | { readonly command: string };

/** What stands below a heading of a runbook, in its order. */
export interface RunbookSection {
  readonly heading: string;
  readonly blocks: readonly RunbookBlock[];
}

/** How a failure ends as the runbook says. */
type Heals = 'by hand' | 'by itself';

/** A runbook as its file says it. */
export interface Runbook {
  /** Absolute path. */
  readonly file: string;
  /** The name of the file without its ending. */
  readonly name: string;
  readonly title: string;
  readonly heals: Heals;
  /** The names of the alerts that lead to this runbook. */
  readonly alerts: readonly string[];
  /** The promise: the system is healthy this long after the first command began, milliseconds. */
  readonly withinMs: number;
  /** A person begins this long after the failure, milliseconds. */
  readonly beginsMs: number;
  readonly commands: readonly RunbookCommand[];
}

/** Returns the commands of a part. */
export const commandsOf = ({ commands }: Pick<Runbook, 'commands'>, part: Part): readonly RunbookCommand[] =>
  commands.filter((command) => command.part === part);

/** Says whether a text is what a command should print. */
export function meetsExpectation(output: string, expect: Expectation | undefined): boolean {
  if (expect === undefined) return true;
  return 'has' in expect ? output.includes(expect.has) : new RegExp(expect.matches, 'ms').test(output);
}

/** Returns an expectation for people: "prints "in sync"". */
export const describeExpectation = (expect: Expectation | undefined): string =>
  expect === undefined ? 'ends with 0' : 'has' in expect ? `prints "${expect.has}"` : `prints /${expect.matches}/`;
