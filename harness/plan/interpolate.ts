export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Compose's interpolation of every text in a value: $VAR, ${VAR}, ${VAR:-default}, ${VAR-default}, ${VAR:+other},
 * ${VAR+other}, ${VAR:?message}, ${VAR?message}, $$; defaults may hold variables themselves. What is not set is empty.
 */
export function interpolate(value: unknown, env: Env): unknown {
  if (typeof value === 'string') return interpolateText(value, env);
  if (Array.isArray(value)) return value.map((item) => interpolate(item, env));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolate(item, env)]));
  }
  return value;
}

function interpolateText(text: string, env: Env): string {
  let made = '';
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf('$', at);
    if (dollar < 0) return made + text.slice(at);
    made += text.slice(at, dollar);
    const close = text[dollar + 1] === '{' ? closing(text, dollar + 1) : -1;
    const bare = /^\w+/.exec(text.slice(dollar + 1))?.[0];
    if (text[dollar + 1] === '$') {
      made += '$';
      at = dollar + 2;
    } else if (close > 0) {
      made += substitute(text.slice(dollar + 2, close), env);
      at = close + 1;
    } else if (bare === undefined) {
      made += '$';
      at = dollar + 1;
    } else {
      made += env[bare] ?? '';
      at = dollar + 1 + bare.length;
    }
  }
  return made;
}

/** Position of the brace that closes the one at `open`; -1 without. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i += 1) {
    if (text[i] === '{') depth += 1;
    if (text[i] === '}') depth -= 1;
    if (depth === 0) return i;
  }
  return -1;
}

function substitute(expression: string, env: Env): string {
  const [, name = '', colon, operator, word = ''] = /^(\w+)(:?)([-+?])?([^]*)$/.exec(expression) ?? [];
  const found = env[name];
  const there = found !== undefined && !(colon === ':' && found === '');
  if (operator === '+') return there ? interpolateText(word, env) : '';
  if (there) return found;
  return operator === '-' ? interpolateText(word, env) : '';
}
