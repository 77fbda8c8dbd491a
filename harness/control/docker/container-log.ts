/** Bytes of one container's log that are kept at most. */
const MOST = 2 * 1_024 * 1_024;
/**
 * Bytes of a frame's header. Docker Engine API, "Stream format": byte 1 names the stream, bytes 2 to 4 are unused, and
 * bytes 5 to 8 hold the length, big-endian.
 */
const HEADER = 8;

/** Yields the content of each of the engine's frames. */
function* payloads(frames: Buffer): Generator<Buffer> {
  for (let at = 0; at + HEADER <= frames.length;) {
    const end = at + HEADER + frames.readUInt32BE(at + 4);
    yield frames.subarray(at + HEADER, end);
    at = end;
  }
}

/** Calls `onLine` for each line in the engine's frames. A line of more than 16 KiB comes in several frames. */
export function eachLine(frames: Buffer, onLine: (line: string) => void): void {
  let pending = '';
  for (const payload of payloads(frames)) {
    const text = pending + payload.toString('utf8');
    pending = text.endsWith('\n') ? '' : text;
    if (pending === '') onLine(text.slice(0, -1));
  }
  if (pending !== '') onLine(pending);
}

/**
 * Returns the text in the engine's frames, stdout and stderr in the order of time. Of a text with more than `most`
 * bytes (2 MiB by default), returns the whole lines within the last `most` bytes.
 */
export function readLog(frames: Buffer, most: number = MOST): string {
  const all = Buffer.concat([...payloads(frames)]);
  if (all.length <= most) return all.toString('utf8');
  const kept = all.subarray(all.length - most);
  // The first line is cut, perhaps within a character.
  return kept.subarray(kept.indexOf('\n') + 1).toString('utf8');
}
