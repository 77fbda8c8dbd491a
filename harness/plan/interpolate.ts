export type Env = Readonly<Record<string, string | undefined>>;

/** Compose's interpolation as this project's files use it: ${VAR}, ${VAR:-default}, ${VAR-default}, $$. */
export function interpolate(value: unknown, env: Env): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\$|\$\{(\w+)(?:(:?-)([^}]*))?\}/g, (whole, name?: string, operator?: string, fallback = '') => {
      if (name === undefined) return whole === '$$' ? '$' : whole;
      const found = env[name];
      const absent = found === undefined || (operator === ':-' && found === '');
      return absent ? String(fallback) : found;
    });
  }
  if (Array.isArray(value)) return value.map((item) => interpolate(item, env));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolate(item, env)]));
  }
  return value;
}
