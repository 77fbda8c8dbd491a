/** What stands where a secret stood. */
const MASK = '***';

/** Names whose values are secret, as a suffix: "PGPASSWORD", "db_password", "client-secret". */
const NAMES =
  'password|passwd|passphrase|secret|credential|api[_-]?key|(?:access|auth|refresh|session|api)[_-]?token|private[_-]?key';
/** HTTP headers whose whole value is secret. */
const HEADERS = 'authorization|proxy-authorization|x-api-key|set-cookie|cookie';

/** A value of a pair ends where prose, JSON, HTML, a shell or a query string goes on. */
const VALUE = String.raw`[^\s"'<>&;,\\)}\]]+`;

/** Rules of one kind, and what a text must have in it for any of them to find something: most texts have nothing of it. */
interface Rules {
  readonly sign: RegExp;
  readonly rules: readonly (readonly [RegExp, string])[];
}

const URLS: Rules = {
  sign: /:\/\//,
  rules: [
    // scheme://user:password@host; the password may hold an unescaped "@".
    [/\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s:@/"'<>\\]*):[^\s/"'<>\\]+@/gi, `$1:${MASK}@`],
    // scheme://token@host: a user that no person would choose.
    [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s:@/"'<>\\]{20,}@/gi, `$1${MASK}@`],
  ],
};

const NAMED: Rules = {
  sign: new RegExp(`${NAMES}|${HEADERS}|bearer|private key`, 'i'),
  rules: [
    // JSON.
    [new RegExp(String.raw`("[\w.-]{0,40}(?:${NAMES}|${HEADERS})"\s*:\s*")(?:[^"\\]|\\.)*(?=")`, 'gi'), `$1${MASK}`],
    // JSON within a JSON text: there an escape is two backslashes and a character, of which \\ and \" are escaped again.
    [
      new RegExp(
        String.raw`(\\"[\w.-]{0,40}(?:${NAMES}|${HEADERS})\\"\s*:\s*\\")(?:[^"\\]|\\\\(?:\\\\|\\"|[^"\\]))*(?=\\")`,
        'gi',
      ),
      `$1${MASK}`,
    ],
    // password=…, PGPASSWORD=…, --db-password=…
    [new RegExp(String.raw`\b([\w.-]{0,40}(?:${NAMES})=)(["']?)${VALUE}`, 'gi'), `$1$2${MASK}`],
    // password: … as in YAML.
    [new RegExp(String.raw`\b([\w.-]{0,40}(?:${NAMES}): +)(["']?)${VALUE}`, 'gi'), `$1$2${MASK}`],
    // Authorization: Bearer …, as headers are written.
    [new RegExp(String.raw`\b((?:${HEADERS})\s*[:=]\s*(?:(?:basic|bearer|token)\s+)?)${VALUE}`, 'gi'), `$1${MASK}`],
    [/\b(bearer\s+)[\w.~+/=-]{16,}/gi, `$1${MASK}`],
    [/(-----BEGIN [A-Z ]*PRIVATE KEY-----)[^]*?(-----END [A-Z ]*PRIVATE KEY-----)/g, `$1${MASK}$2`],
  ],
};

const masked = (text: string, { sign, rules }: Rules): string =>
  sign.test(text) ? rules.reduce((rest, [pattern, mask]) => rest.replace(pattern, mask), text) : text;

/** Shorter ones would cut holes into innocent words. */
const LEAST = 4;

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** A secret as it looks in plain text, in a JSON text, in a URL and in HTML or XML. */
const spellings = (secret: string): string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  escapeHtml(secret),
  escapeHtml(JSON.stringify(secret).slice(1, -1)),
];

/** A secret of digits alone must stand alone: it would else be found in times and figures, and cut them. */
const findable = (value: string): string | RegExp =>
  /^\d+$/.test(value) ? new RegExp(`(?<![\\d.])${value}(?![\\d.])`, 'g') : value;

/** Replaces secrets in a text; valid JSON stays valid. Idempotent. */
export type Redact = (text: string) => string;

/** Also replaces these very values wherever they stand, in any spelling; those under four characters are left alone. */
export function redactor(secrets: readonly string[]): Redact {
  const known = new Set(secrets.filter((s) => s.length >= LEAST).flatMap(spellings));
  // The longest first: one secret may begin another.
  const values = [...known].sort((a, b) => b.length - a.length).map(findable);
  return (text) => {
    const without = values.reduce<string>((rest, value) => rest.replaceAll(value, MASK), text);
    return masked(masked(without, URLS), NAMED);
  };
}

/** Replaces what looks like a secret: credentials in URLs, passwords and tokens by their names, authorization headers. */
export const redact: Redact = redactor([]);

const SECRET_NAME = new RegExp(`(?:${NAMES}|${HEADERS})$`, 'i');

/** The same for a value of any depth, a copy: texts are redacted, and a text under a secret's name is masked whole. */
export function redactDeep<T>(value: T, apply: Redact = redact): T {
  return copy(value, apply, []) as T;
}

function copy(value: unknown, apply: Redact, above: readonly object[]): unknown {
  if (typeof value === 'string') return apply(value);
  if (typeof value !== 'object' || value === null) return value;
  if (above.includes(value)) return '[circular]';
  const path = [...above, value];
  if (Array.isArray(value)) return value.map((item) => copy(item, apply, path));
  if (value instanceof Date || ArrayBuffer.isView(value)) return value;
  const own = value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : {};
  const entries = Object.entries({ ...own, ...value }).map(([key, inner]) => [
    apply(key),
    typeof inner === 'string' && SECRET_NAME.test(key) ? MASK : copy(inner, apply, path),
  ]);
  return Object.fromEntries(entries);
}
