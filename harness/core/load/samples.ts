import { crc32 } from 'node:zlib';
import { ChaosError } from '../errors.ts';
import { ERROR_CODES, OUTCOMES, SOURCES, type RequestTable, type Workload } from './load.ts';

/** A planned request that has ended. Names are positions (see SamplesSchema). Times are epoch milliseconds. */
export interface RequestRow {
  readonly planned: number;
  /**
   * When the generator wrote the request to an open connection, or began a new connection for it; NaN when the request
   * was never sent.
   */
  readonly sent: number;
  readonly firstByte: number;
  readonly done: number;
  readonly endpoint: number;
  readonly scenario: number;
  readonly outcome: number;
  /** See RequestTable. */
  readonly status: number;
  readonly source: number;
  /** The position of the request in the stream of its source, from 0. The request id ends with it. Default: 0. */
  readonly number?: number;
}

/** The content of samples/schema.json: the names behind the numbers in samples/requests.bin. */
export interface SamplesSchema {
  readonly schema_version: 1;
  readonly endpoints: readonly string[];
  readonly scenarios: readonly string[];
  readonly outcomes: readonly string[];
  /** A status from 1 to 99 is a position in this list, from 1. Absent in records of earlier versions. */
  readonly errors?: readonly string[];
  readonly sources: readonly string[];
}

type Column = keyof RequestRow;

/** The columns, in their order in a block. */
const TIMES = ['planned', 'sent', 'firstByte', 'done'] as const satisfies readonly Column[];
const NUMBERS = ['number'] as const satisfies readonly Column[];
const WORDS = ['endpoint', 'status'] as const satisfies readonly Column[];
const BYTES = ['scenario', 'outcome', 'source'] as const satisfies readonly Column[];
const COLUMNS = [...TIMES, ...NUMBERS, ...WORDS, ...BYTES] as const;
const ROW_BYTES = TIMES.length * 8 + NUMBERS.length * 4 + WORDS.length * 2 + BYTES.length;

/**
 * A block is "CRT2", the number of rows, the CRC-32 of the columns (each four bytes, little endian), and the columns.
 */
const MAGIC = 0x32_54_52_43;
const HEADER_BYTES = 12;
/** "CRT1": a block of the oldest form, in which requests have no numbers. */
const UNNUMBERED = 0x31_54_52_43;

export const samplesSchema = (workload: Workload): SamplesSchema => ({
  schema_version: 1,
  endpoints: workload.scenarios.flatMap((scenario) => scenario.endpoints.map(({ name }) => name)),
  scenarios: workload.scenarios.map(({ name }) => name),
  outcomes: OUTCOMES,
  errors: ERROR_CODES,
  sources: SOURCES,
});

/** Returns typed arrays for `length` rows over one buffer. The columns begin at byte `offset`. */
function columnsOver(bytes: ArrayBuffer, length: number, offset = 0) {
  let at = offset;
  const next = (size: number): number => {
    const begin = at;
    at += size * length;
    return begin;
  };
  return {
    planned: new Float64Array(bytes, next(8), length),
    sent: new Float64Array(bytes, next(8), length),
    firstByte: new Float64Array(bytes, next(8), length),
    done: new Float64Array(bytes, next(8), length),
    number: new Uint32Array(bytes, next(4), length),
    endpoint: new Uint16Array(bytes, next(2), length),
    status: new Uint16Array(bytes, next(2), length),
    scenario: new Uint8Array(bytes, next(1), length),
    outcome: new Uint8Array(bytes, next(1), length),
    source: new Uint8Array(bytes, next(1), length),
  };
}

type Columns = ReturnType<typeof columnsOver>;

const emptyColumns = (length: number): Columns => columnsOver(new ArrayBuffer(length * ROW_BYTES), length);

/** Collects rows in columns that exist before the requests. So a request leaves nothing for the garbage collector. */
export class SampleColumns {
  #capacity: number;
  #columns: Columns;
  #length = 0;

  /** `capacity` is the number of rows at first. It doubles when the columns are full. */
  constructor(capacity = 4_096) {
    this.#capacity = capacity;
    this.#columns = emptyColumns(capacity);
  }

  get length(): number {
    return this.#length;
  }

  add(row: RequestRow): void {
    if (this.#length === this.#capacity) this.#grow();
    const at = this.#length;
    const to = this.#columns;
    to.planned[at] = row.planned;
    to.sent[at] = row.sent;
    to.firstByte[at] = row.firstByte;
    to.done[at] = row.done;
    to.endpoint[at] = row.endpoint;
    to.status[at] = row.status;
    to.scenario[at] = row.scenario;
    to.outcome[at] = row.outcome;
    to.source[at] = row.source;
    to.number[at] = row.number ?? 0;
    this.#length = at + 1;
  }

  /** Returns the rows so far as one block, to be appended to the blocks before it. Empties the columns. */
  takeBlock(): Uint8Array {
    const length = this.#length;
    const block = new Uint8Array(HEADER_BYTES + length * ROW_BYTES);
    let at = HEADER_BYTES;
    for (const name of COLUMNS) {
      const { buffer, byteOffset, BYTES_PER_ELEMENT } = this.#columns[name];
      const bytes = length * BYTES_PER_ELEMENT;
      block.set(new Uint8Array(buffer, byteOffset, bytes), at);
      at += bytes;
    }
    const header = new DataView(block.buffer);
    header.setUint32(0, MAGIC, true);
    header.setUint32(4, length, true);
    header.setUint32(8, crc32(block.subarray(HEADER_BYTES)), true);
    this.#length = 0;
    return block;
  }

  #grow(): void {
    const old = this.#columns;
    this.#capacity *= 2;
    this.#columns = emptyColumns(this.#capacity);
    for (const name of COLUMNS) this.#columns[name].set(old[name]);
  }
}

/** Returns a table of the rows in the given order, for tests and for tables that are made in memory. */
export function requestTable(
  rows: readonly RequestRow[],
  names: Pick<SamplesSchema, 'endpoints' | 'scenarios'>,
): RequestTable {
  const columns = emptyColumns(rows.length);
  for (const name of COLUMNS) {
    const column = columns[name];
    rows.forEach((row, i) => (column[i] = row[name] ?? 0));
  }
  return { length: rows.length, endpoints: names.endpoints, scenarios: names.scenarios, ...columns };
}

/** The bytes of samples/requests.bin, or of a part of it. */
export interface SampleBytes {
  readonly length: number;
  /** Returns a copy of `length` bytes from byte `at` on. */
  read(at: number, length: number): ArrayBuffer;
}

const inMemory = (bytes: Uint8Array): SampleBytes => ({
  length: bytes.length,
  // For a Buffer, slice() makes no copy.
  read: (at, length) => new Uint8Array(bytes.subarray(at, at + length)).buffer,
});

interface Block {
  /** The number of rows. */
  readonly length: number;
  /** Where the columns begin, and where the block ends. */
  readonly from: number;
  readonly end: number;
  readonly crc: number;
}

/** Returns the blocks of a file, and where something begins that is no block; undefined when nothing does. */
function blocksIn(bytes: SampleBytes): { readonly blocks: Block[]; readonly strange: number | undefined } {
  const blocks: Block[] = [];
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    const header = new DataView(bytes.read(at, HEADER_BYTES));
    if (header.getUint32(0, true) !== MAGIC) return { blocks, strange: at };
    const length = header.getUint32(4, true);
    const from = at + HEADER_BYTES;
    const end = from + length * ROW_BYTES;
    if (end > bytes.length) break;
    blocks.push({ length, from, end, crc: header.getUint32(8, true) });
    at = end;
  }
  return { blocks, strange: undefined };
}

/** Returns the columns of a block; undefined when they are not as they were written. */
function columnsOf(bytes: SampleBytes, { length, from, end, crc }: Block): Columns | undefined {
  const columns = bytes.read(from, end - from);
  return crc32(new Uint8Array(columns)) === crc ? columnsOver(columns, length) : undefined;
}

const damagedAt = (byte: number, of: number): ChaosError =>
  new ChaosError('CHAOS_RECORD_DAMAGED', {
    what: `the record is damaged: samples/requests.bin is no block of samples at byte ${byte} of ${of}`,
    hint: 'A damaged record proves nothing. Judge another copy of the folder, or make the run again.',
    exit: 'inconclusive',
    facts: { byte, of },
  });

/** Says whether samples/requests.bin begins with a block of the oldest form, which cannot be read any more. */
export const isUnnumbered = (bytes: SampleBytes): boolean =>
  bytes.length >= HEADER_BYTES && new DataView(bytes.read(0, HEADER_BYTES)).getUint32(0, true) === UNNUMBERED;

/**
 * Returns all requests of samples/requests.bin, in the order in which they ended. A crash can leave half a block at the
 * end of the file; that block is left out. Throws CHAOS_RECORD_DAMAGED when the file is damaged before its last block. One
 * block after the other is read, so a file takes little more memory than its table.
 */
export function decodeSamples(bytes: SampleBytes, names: Pick<SamplesSchema, 'endpoints' | 'scenarios'>): RequestTable {
  const { blocks, strange } = blocksIn(bytes);
  const last = blocks.at(-1);
  // The file system may have kept the length of the last block, and not its content.
  if (last?.end === bytes.length && columnsOf(bytes, last) === undefined) blocks.pop();
  const length = blocks.reduce((total, block) => total + block.length, 0);
  const table = emptyColumns(length);
  let row = 0;
  for (const block of blocks) {
    const columns = columnsOf(bytes, block);
    if (columns === undefined) throw damagedAt(block.from - HEADER_BYTES, bytes.length);
    for (const name of COLUMNS) table[name].set(columns[name], row);
    row += block.length;
  }
  if (strange !== undefined) throw damagedAt(strange, bytes.length);
  return { length, endpoints: names.endpoints, scenarios: names.scenarios, ...table };
}

/** Returns all requests of a file that is in memory: see `decodeSamples`. */
export const decodeBlocks = (bytes: Uint8Array, names: Pick<SamplesSchema, 'endpoints' | 'scenarios'>): RequestTable =>
  decodeSamples(inMemory(bytes), names);
