/**
 * Writes one JSON object a line. It logs events that an operator acts on: starts, stops, circuits, unexpected errors.
 * It also logs each request that came with an id, so that the request can be followed from hop to hop.
 */
export type Log = (
  level: 'info' | 'warn' | 'error',
  message: string,
  facts?: Readonly<Record<string, unknown>>,
) => void;

export const createLog =
  (out: { write(line: string): unknown }): Log =>
  (level, message, facts = {}) => {
    out.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...facts }, errorsAsText)}\n`);
  };

function errorsAsText(_name: string, value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? value.message) : value;
}
