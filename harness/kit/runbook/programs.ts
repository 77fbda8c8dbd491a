import { BUILT_IN, KEYWORDS, scan, type Token } from './script.ts';

/** Programs that start another one: the words after their own options are a command again. */
const STARTERS: ReadonlySet<string> = new Set([
  'command',
  'env',
  'exec',
  'nice',
  'nohup',
  'setsid',
  'timeout',
  'xargs',
]);
const SHELLS: ReadonlySet<string> = new Set(['bash', 'dash', 'sh']);
const ASSIGNMENT = /^[A-Za-z_]\w*=/;
/** "10", "0.5", "5s": the time of `timeout`. */
const TIME = /^\d+(?:\.\d+)?[smhd]?$/;
const NAME = /^[\w.+-]+$/;

/**
 * Returns the names of the programs that a script for `sh` starts, each once, as far as it says so: a name that is only
 * known when the script runs ("$tool") is left out, and so are what the shell itself knows, functions, and paths.
 */
export function programsIn(script: string): readonly string[] {
  const { tokens, inner } = scan(script);
  const found = new Set<string>(inner.flatMap(programsIn));
  const functions = new Set<string>();
  const commands = commandsOf(tokens, functions);
  for (const words of commands) for (const name of startedBy(words)) found.add(name);
  return [...found].filter((name) => !BUILT_IN.has(name) && !functions.has(name));
}

/** Splits the tokens into commands, each a list of words. Words of `for`, and the patterns of `case`, are no commands. */
function commandsOf(tokens: readonly Token[], functions: Set<string>): readonly (readonly Token[])[] {
  const commands: Token[][] = [];
  /** What the words are now: a command, the head of a `for`, the word of a `case`, or a pattern of a `case`. */
  let now: 'command' | 'for' | 'case' | 'pattern' = 'command';
  let open = 0;
  let words: Token[] = [];
  const end = (): void => {
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (const token of tokens) {
    const { text, kind } = token;
    if (now === 'pattern') {
      if (kind === 'word' && text === 'esac' && token.plain) {
        open -= 1;
        now = 'command';
      } else if (kind === 'operator' && text === ')') now = 'command';
    } else if (now === 'case') {
      if (kind === 'word' && text === 'in' && token.plain) now = 'pattern';
    } else if (now === 'for') {
      if (kind === 'operator' && (text === ';' || text === '\n')) now = 'command';
    } else if (kind === 'operator') {
      if (text === '()') {
        functions.add(words.at(-1)?.text ?? '');
        words = [];
        continue;
      }
      end();
      if (text === ';;' && open > 0) now = 'pattern';
    } else if (words.length === 0 && token.plain && KEYWORDS.has(text)) {
      if (text === 'for') now = 'for';
      if (text === 'case') {
        now = 'case';
        open += 1;
      }
      if (text === 'esac') open -= 1;
    } else words.push(token);
  }
  end();
  return commands;
}

/** Returns the programs of one command: its first word, and what it starts in its turn. */
function startedBy(words: readonly Token[]): readonly string[] {
  const [first, ...rest] = words.filter((_, i) => !isSetting(words, i));
  if (first === undefined || !first.plain || !NAME.test(first.text)) return [];
  const name = first.text;
  if (SHELLS.has(name)) {
    const at = rest.findIndex(({ text }) => /^-[a-z]*c$/.test(text));
    return [name, ...(at < 0 ? [] : programsIn(rest[at + 1]?.literal ?? ''))];
  }
  if (!STARTERS.has(name)) return [name];
  const from = rest.findIndex(({ text }) => !text.startsWith('-') && !ASSIGNMENT.test(text) && !TIME.test(text));
  return [name, ...(from < 0 ? [] : startedBy(rest.slice(from)))];
}

/** Whether a word is one of the settings before a command: "a=1 b=2 program". */
const isSetting = (words: readonly Token[], at: number): boolean =>
  words.slice(0, at + 1).every(({ text }) => ASSIGNMENT.test(text));
