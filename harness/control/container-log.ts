/** Bytes that are kept of one container's log. */
const MOST = 2 * 1_024 * 1_024;
/** Docker Engine API, "Stream format": one byte tells the stream, three are nothing, four the length, big-endian. */
const HEADER = 8;

/** The text in the engine's frames, standard output and errors in the order of their time; whole lines of its last 2 MiB. */
export function readLog(frames: Buffer, most: number = MOST): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + HEADER <= frames.length;) {
    const end = at + HEADER + frames.readUInt32BE(at + 4);
    parts.push(frames.subarray(at + HEADER, end));
    at = end;
  }
  const all = Buffer.concat(parts);
  if (all.length <= most) return all.toString('utf8');
  const kept = all.subarray(all.length - most);
  // The first line is cut, or a character of it.
  return kept.subarray(kept.indexOf('\n') + 1).toString('utf8');
}
