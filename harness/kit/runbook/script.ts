/** A word or an operator of a script for `sh`. */
export interface Token {
  readonly kind: 'word' | 'operator';
  /** As written. */
  readonly text: string;
  /** A word without quotes and expansions: its text is what the shell sees. */
  readonly plain: boolean;
  /** The text without its quotes, where nothing is expanded in it. */
  readonly literal?: string;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Words that begin, join or end a compound command. */
export const KEYWORDS = words('! case do done elif else esac fi for function if in select then until while { }');
/** What dash or bash carry out themselves. */
export const BUILT_IN = words(
  '. : [ [[ ]] alias bg break builtin cd command continue declare echo eval exec exit export false fc fg getopts hash jobs kill let local mapfile popd printf pushd pwd read readarray readonly return set shift shopt source test time times trap true type typeset ulimit umask unalias unset wait',
);

const OPERATORS = ['\n', '&&', '||', ';;', '()', ';', '&', '|', '(', ')'] as const;
const BLANK = /[ \t\r]/;
/** Ends a word when it stands outside quotes. */
const BREAK = /[\s;&|()<>]/;
const REDIRECTION = /^\d*(?:<>|<<-?|>>|>\||[<>]&?)/;

/** Splits a script into words and operators. `inner`: the scripts of command substitutions, which are commands too. */
export function scan(script: string): { readonly tokens: readonly Token[]; readonly inner: readonly string[] } {
  const tokens: Token[] = [];
  const inner: string[] = [];
  let i = 0;
  let target = false;
  while (i < script.length) {
    const rest = script.slice(i);
    const char = rest[0] ?? '';
    if (BLANK.test(char)) i += 1;
    else if (rest.startsWith('\\\n')) i += 2;
    else if (char === '#') i += lengthTo(rest, '\n');
    else {
      const [redirected] = REDIRECTION.exec(rest) ?? [];
      const operator = OPERATORS.find((one) => rest.startsWith(one));
      if (redirected !== undefined) {
        i += redirected.length;
        // "2>&1" has its target in it, and "> file" has it in the next word.
        target = true;
      } else if (operator !== undefined) {
        tokens.push({ kind: 'operator', text: operator, plain: true });
        i += operator.length;
        target = false;
      } else {
        const word = wordAt(script, i, inner);
        if (!target) tokens.push(tokenOf(script.slice(i, word.end), word));
        i = word.end;
        target = false;
      }
    }
  }
  return { tokens, inner };
}

const lengthTo = (text: string, end: string): number => {
  const at = text.indexOf(end);
  return at < 0 ? text.length : at;
};

interface Word {
  readonly end: number;
  readonly literal: string;
  readonly quoted: boolean;
  readonly expands: boolean;
}

const tokenOf = (text: string, { literal, quoted, expands }: Word): Token => ({
  kind: 'word',
  text,
  plain: !quoted && !expands,
  ...(expands ? {} : { literal }),
});

/** Reads the word that begins at `from`, with what is quoted in it. */
function wordAt(script: string, from: number, inner: string[]): Word {
  let [i, literal, quoted, expands, double] = [from, '', false, false, false];
  while (i < script.length) {
    const char = script[i] ?? '';
    if (!double && BREAK.test(char)) break;
    if (char === '"') {
      double = !double;
      quoted = true;
      i += 1;
    } else if (char === "'" && !double) {
      const end = i + 1 + lengthTo(script.slice(i + 1), "'");
      literal += script.slice(i + 1, end);
      quoted = true;
      i = end + 1;
    } else if (char === '\\') {
      literal += script[i + 1] ?? '';
      quoted = true;
      i += 2;
    } else if (script.startsWith('$((', i)) {
      expands = true;
      i = after(script, i + 1);
    } else if (script.startsWith('$(', i)) {
      const end = after(script, i + 1);
      inner.push(script.slice(i + 2, end - 1));
      expands = true;
      i = end;
    } else if (char === '`') {
      const end = i + 1 + lengthTo(script.slice(i + 1), '`');
      inner.push(script.slice(i + 1, end));
      expands = true;
      i = end + 1;
    } else if (script.startsWith('${', i)) {
      expands = true;
      i += lengthTo(script.slice(i), '}') + 1;
    } else {
      expands ||= char === '$';
      literal += char;
      i += 1;
    }
  }
  return { end: Math.max(i, from + 1), literal, quoted, expands };
}

/** Returns the position after the bracket that closes the one at `open`. Brackets within quotes do not count. */
function after(script: string, open: number): number {
  let depth = 0;
  for (let i = open; i < script.length; i += 1) {
    const char = script[i];
    if (char === '\\') i += 1;
    else if (char === "'") i += 1 + lengthTo(script.slice(i + 1), "'");
    else if (char === '"') i = endOfDouble(script, i);
    else if (char === '(') depth += 1;
    else if (char === ')') {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return script.length;
}

/** Returns the position of the quote that closes the double quote at `open`. */
function endOfDouble(script: string, open: number): number {
  for (let i = open + 1; i < script.length; i += 1) {
    if (script[i] === '\\') i += 1;
    else if (script.startsWith('$(', i)) i = after(script, i + 1) - 1;
    else if (script[i] === '"') return i;
  }
  return script.length;
}
