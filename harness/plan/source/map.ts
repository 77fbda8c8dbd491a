type PlainMap = Readonly<Record<string, unknown>>;

export const isMap = (value: unknown): value is PlainMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns a map as it is, and an empty map for any other value. */
export const mapOf = (value: unknown): PlainMap => (isMap(value) ? value : {});
