/** Bytes that are kept of one container's log. */
const MOST = 2 * 1_024 * 1_024;
/** Docker Engine API, "Stream format": one byte tells the stream, three are nothing, four the length, big-endian. */
const HEADER = 8;

/** What is in the engine's frames, one after the other. */
function* payloads(frames: Buffer): Generator<Buffer> {
  for (let at = 0; at + HEADER <= frames.length;) {
    const end = at + HEADER + frames.readUInt32BE(at + 4);
    yield frames.subarray(at + HEADER, end);
    at = end;
  }
}

/** The text in the engine's frames, line by line; one of over 16 KiB comes in several frames. */
export function eachLine(frames: Buffer, onLine: (line: string) => void): void {
  let pending = '';
  for (const payload of payloads(frames)) {
    const text = pending + payload.toString('utf8');
    pending = text.endsWith('\n') ? '' : text;
    if (pending === '') onLine(text.slice(0, -1));
  }
}

/** The text in the engine's frames, standard output and errors in the order of their time; whole lines of its last 2 MiB. */
export function readLog(frames: Buffer, most: number = MOST): string {
  const all = Buffer.concat([...payloads(frames)]);
  if (all.length <= most) return all.toString('utf8');
  const kept = all.subarray(all.length - most);
  // The first line is cut, or a character of it.
  return kept.subarray(kept.indexOf('\n') + 1).toString('utf8');
}
