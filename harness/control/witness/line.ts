/** What a witness told in a line of JSON; undefined of one that was cut off when the helper was removed. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
