import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { samplesSchema, type RequestRow } from '../../harness/core/load/samples.ts';
import { RECORD_VERSION } from '../../harness/core/record/version.ts';
import { judgeFolder } from '../../harness/judge/folder.ts';
import { ROOT } from '../helpers/chaos.ts';
import { expectedOf, keptRecords, unpacked } from '../helpers/kept-records.ts';
import { known } from '../helpers/known.ts';
import { encodeBlock } from '../helpers/samples/folder.ts';
import { SMALL_PLAN } from '../helpers/samples/history.ts';
import { ONE_OF_EACH } from '../helpers/samples/one-of-each.ts';

/** The form of the newest version. CHAOS_FORM=write writes it anew. */
const FORM = join(ROOT, 'test', 'fixtures', 'records', `form-v${RECORD_VERSION}.json`);

const ROW: RequestRow = {
  planned: 1.5,
  sent: 2.5,
  firstByte: 3.5,
  done: 4.5,
  number: 5,
  endpoint: 6,
  status: 7,
  scenario: 8,
  outcome: 9,
  source: 1,
};

/** Returns every path in a value with the type of what is there: "plan.seed: number". */
function pathsOf(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => pathsOf(item, `${path}[]`)))];
  if (value === null || typeof value !== 'object') return [`${path}: ${value === null ? 'null' : typeof value}`];
  return Object.entries(value).flatMap(([key, item]) => pathsOf(item, path === '' ? key : `${path}.${key}`));
}

const formNow = () => ({
  version: RECORD_VERSION,
  requests_bin: Buffer.from(encodeBlock([ROW])).toString('hex'),
  schema_json: pathsOf(samplesSchema(SMALL_PLAN.load.workload), '').toSorted(),
  events: Object.fromEntries(
    Object.entries(ONE_OF_EACH).map(([kind, event]) => [
      kind,
      pathsOf(JSON.parse(JSON.stringify(event)), '').toSorted(),
    ]),
  ),
});

describe('the versions of a record', function () {
  // A hang guard.
  this.timeout(60_000);

  it('are each kept as a record of a real run, from the first on', () => {
    const versions = new Set(keptRecords().map(({ version }) => version));
    expect([...versions]).to.have.members(Array.from({ length: RECORD_VERSION }, (_, i) => i + 1));
  });

  for (const { name, files, expected } of keptRecords()) {
    it(`are judged as they were when they were kept: ${name} (case V8)`, () => {
      const dir = unpacked(files);
      try {
        expect(expectedOf(judgeFolder(dir, known).document)).to.deep.equal(expected);
      } finally {
        rmSync(dir, { recursive: true });
      }
    });
  }

  it('never change without a new version: the form of events and samples is as written down', () => {
    if (process.env['CHAOS_FORM'] === 'write') writeFileSync(FORM, `${JSON.stringify(formNow(), null, 2)}\n`);
    const hint =
      'The form of a record has changed. When an older record cannot be read as before, raise RECORD_VERSION in ' +
      'harness/core/record/version.ts and keep a new record: node test/fixtures/records/keep.ts RUN NAME. Then write ' +
      'the form down: CHAOS_FORM=write mocha test/contract/record-versions.test.ts';
    expect(formNow(), hint).to.deep.equal(JSON.parse(readFileSync(FORM, 'utf8')));
  });

  it('are refused by name when a later harness made them, or when the samples have no numbers (case V8)', () => {
    const [{ files } = { files: new Map<string, Uint8Array>() }] = keptRecords();
    const refused = (changed: ReadonlyMap<string, Uint8Array>): unknown => {
      const dir = unpacked(new Map([...changed].filter(([path]) => path !== 'seal.json')));
      try {
        return judgeFolder(dir, known).document.verdict;
      } catch (error) {
        return error;
      } finally {
        rmSync(dir, { recursive: true });
      }
    };
    const events = Buffer.from(files.get('events.ndjson') ?? []).toString();
    const later = events.replace(
      /"run":"[^"]*",("version":\d+,)?/,
      (all) => `${all.replace(/"version":\d+,/, '')}"version":99,`,
    );
    expect(refused(new Map([...files, ['events.ndjson', Buffer.from(later)]])))
      .to.include({ code: 'CHAOS_RECORD_VERSION', exit: 'bad-input' })
      .and.to.have.property('message')
      .that.matches(/version 99 \(made by chaos 0\.1\.0, commit \w+\), and this harness reads versions up to \d+/);
    const old = Buffer.from(files.get('samples/requests.bin') ?? []);
    old.write('CRT1', 'latin1');
    expect(refused(new Map([...files, ['samples/requests.bin', old]])))
      .to.include({ code: 'CHAOS_RECORD_VERSION' })
      .and.to.have.property('message')
      .that.matches(/version 1 \(made by chaos 0\.1\.0, commit \w+\), and its samples are in a form without numbers/);
  });
});
