/** A file of an archive. */
export interface TarFile {
  /** At most 100 bytes. */
  readonly path: string;
  readonly text: string;
}

const BLOCK = 512;
/** Where a header has its checksum, which counts as spaces while it is computed. */
const CHECKSUM = 148;

/** Returns a tar archive (ustar) of files that everybody may read. The engine makes the folders that they need. */
export function tar(files: readonly TarFile[]): Buffer {
  const blocks = files.flatMap(({ path, text }) => {
    const content = Buffer.from(text);
    const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
    return [header(path, content.length), content, padding];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(path: string, bytes: number): Buffer {
  const head = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  head.write(path, 0);
  head.write(octal(0o644, 7), 100);
  head.write(octal(0, 7), 108);
  head.write(octal(0, 7), 116);
  head.write(octal(bytes, 11), 124);
  head.write(octal(0, 11), 136);
  head.write(' '.repeat(8), CHECKSUM);
  head.write('0', 156);
  head.write('ustar\x0000', 257);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${octal(sum, 6)} `, CHECKSUM);
  return head;
}
