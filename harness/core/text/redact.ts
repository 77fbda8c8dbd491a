/** The text that replaces a secret. */
const MASK = '***';

/** A name that ends like this has a secret value: "PGPASSWORD", "db_password", "client-secret". */
const NAMES =
  'password|passwd|passphrase|secret|credential|api[_-]?key|(?:access|auth|refresh|session|api)[_-]?token|private[_-]?key';
/** HTTP headers whose whole value is secret. */
const HEADERS = 'authorization|proxy-authorization|x-api-key|set-cookie|cookie';

/** The value after a name. It ends at a character that ends a value in prose, JSON, HTML, a shell or a query string. */
const VALUE = String.raw`[^\s"'<>&;,\\)}\]]+`;

/**
 * Rules of one kind. Where `sign` matches nothing in a text, no rule matches either. Most texts are such texts, and
 * take little time.
 */
interface Rules {
  readonly sign: RegExp;
  readonly rules: readonly (readonly [RegExp, string])[];
}

const URLS: Rules = {
  sign: /:\/\//,
  rules: [
    // scheme://user:password@host. The password may contain an unescaped "@".
    [/\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s:@/"'<>\\]*):[^\s/"'<>\\]+@/gi, `$1:${MASK}@`],
    // scheme://token@host. A user name of 20 characters or more is taken for a token.
    [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s:@/"'<>\\]{20,}@/gi, `$1${MASK}@`],
  ],
};

const NAMED: Rules = {
  sign: new RegExp(`${NAMES}|${HEADERS}|bearer|private key`, 'i'),
  rules: [
    // JSON.
    [new RegExp(String.raw`("[\w.-]{0,40}(?:${NAMES}|${HEADERS})"\s*:\s*")(?:[^"\\]|\\.)*(?=")`, 'gi'), `$1${MASK}`],
    // JSON inside a text of JSON. There an escape is two backslashes and a character; \\ and \" are escaped once more.
    [
      new RegExp(
        String.raw`(\\"[\w.-]{0,40}(?:${NAMES}|${HEADERS})\\"\s*:\s*\\")(?:[^"\\]|\\\\(?:\\\\|\\"|[^"\\]))*(?=\\")`,
        'gi',
      ),
      `$1${MASK}`,
    ],
    // password=…, PGPASSWORD=…, --db-password=…
    [new RegExp(String.raw`\b([\w.-]{0,40}(?:${NAMES})=)(["']?)${VALUE}`, 'gi'), `$1$2${MASK}`],
    // password: … (YAML)
    [new RegExp(String.raw`\b([\w.-]{0,40}(?:${NAMES}): +)(["']?)${VALUE}`, 'gi'), `$1$2${MASK}`],
    // Authorization: Bearer … (a header)
    [new RegExp(String.raw`\b((?:${HEADERS})\s*[:=]\s*(?:(?:basic|bearer|token)\s+)?)${VALUE}`, 'gi'), `$1${MASK}`],
    [/\b(bearer\s+)[\w.~+/=-]{16,}/gi, `$1${MASK}`],
    // A search ends at the next BEGIN line. So the time grows only with the length of a text, even with many BEGINs.
    [
      /(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----)(?:(?!-----BEGIN )[^])*?(-----END [A-Z ]{0,40}PRIVATE KEY-----)/g,
      `$1${MASK}$2`,
    ],
    // A private key without its END line, because the text was cut off.
    [/(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----)(?:[A-Za-z0-9+/=\s]|\\[nrt]){20,}/g, `$1${MASK}`],
  ],
};

const masked = (text: string, { sign, rules }: Rules): string =>
  sign.test(text) ? rules.reduce((rest, [pattern, mask]) => rest.replace(pattern, mask), text) : text;

/** Shorter secrets, in characters, are not searched for: they occur inside ordinary words. */
const LEAST = 4;

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Returns a secret as it is written in plain text, in JSON, in a URL, and in HTML or XML. */
const spellings = (secret: string): string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  escapeHtml(secret),
  escapeHtml(JSON.stringify(secret).slice(1, -1)),
];

/**
 * A secret of digits only is found only where no digit or point is beside it. Otherwise it would be found inside
 * figures.
 */
const findable = (value: string): string | RegExp =>
  /^\d+$/.test(value) ? new RegExp(`(?<![\\d.])${value}(?![\\d.])`, 'g') : value;

/** Returns the text with its secrets replaced. Valid JSON stays valid. A second call changes nothing. */
export type Redact = (text: string) => string;

/**
 * Makes a `Redact` that also replaces the given secrets everywhere, in every spelling. Secrets of less than four
 * characters are not replaced.
 */
export function redactor(secrets: readonly string[]): Redact {
  const known = new Set(secrets.filter((s) => s.length >= LEAST).flatMap(spellings));
  // The longest first: one secret may be the beginning of another.
  const values = [...known].sort((a, b) => b.length - a.length).map(findable);
  return (text) => {
    const without = values.reduce<string>((rest, value) => rest.replaceAll(value, MASK), text);
    return masked(masked(without, URLS), NAMED);
  };
}

/**
 * Replaces texts that look like secrets: credentials in URLs, values with the name of a password or token, and
 * authorization headers.
 */
export const redact: Redact = redactor([]);

const SECRET_NAME = new RegExp(`(?:${NAMES}|${HEADERS})$`, 'i');

/**
 * Returns a value of any depth with its texts redacted. A text under the name of a secret is replaced as a whole. The
 * given value is not changed. Lists and plain objects without a secret are not copied: a record has many thousands.
 */
export function redactDeep<T>(value: T, apply: Redact = redact): T {
  return copy(value, apply, []) as T;
}

function copy(value: unknown, apply: Redact, above: readonly object[]): unknown {
  if (typeof value === 'string') return apply(value);
  if (typeof value !== 'object' || value === null) return value;
  if (above.includes(value)) return '[circular]';
  const path = [...above, value];
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => copy(item, apply, path));
    return items.every((item, i) => Object.is(item, value[i])) ? value : items;
  }
  if (value instanceof Date || ArrayBuffer.isView(value)) return value;
  const own = value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : {};
  let changed = Object.getPrototypeOf(value) !== Object.prototype;
  const entries = Object.entries({ ...own, ...value }).map(([key, inner]: [string, unknown]) => {
    const [name, now] = [
      apply(key),
      typeof inner === 'string' && SECRET_NAME.test(key) ? MASK : copy(inner, apply, path),
    ];
    changed ||= name !== key || !Object.is(now, inner);
    return [name, now] as const;
  });
  return changed ? Object.fromEntries(entries) : value;
}
