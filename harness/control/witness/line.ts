/** Parses a line of JSON from a witness. Returns undefined for a line that was cut off when the helper was removed. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
