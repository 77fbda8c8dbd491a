import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ChaosError } from '../../harness/core/errors.ts';
import { decodeBlocks, type RequestRow, type SamplesSchema } from '../../harness/core/load/samples.ts';
import { JUDGED_PHASES } from '../../harness/core/plan/phases.ts';
import type { EventKind, RunEvent } from '../../harness/core/record/events.ts';
import { phaseWindows } from '../../harness/core/record/history.ts';
import { RECORD_VERSION } from '../../harness/core/record/version.ts';
import { seededRandom } from '../../harness/core/random.ts';
import { judgeFolder } from '../../harness/judge/folder.ts';
import { seal } from '../../harness/record/seal.ts';
import { ROOT } from '../helpers/chaos.ts';
import { type KeptRecord, keptRecords, unpacked } from '../helpers/kept-records.ts';
import { known } from '../helpers/known.ts';
import { encodeBlock } from '../helpers/samples/folder.ts';

/** What the judge does with each kind of event. A new kind is not compiled without its line here. */
const KINDS: Readonly<
  Record<EventKind, 'needs' | 'needs for a check' | 'does not need' | 'bad news' | 'no run has it' | 'not in these'>
> = {
  'run.started': 'needs',
  'load.started': 'no run has it',
  topology: 'does not need',
  containers: 'not in these',
  'phase.started': 'needs',
  'phase.ended': 'needs',
  'fault.injecting': 'needs',
  'undo.recorded': 'does not need',
  'fault.injected': 'needs',
  'fault.healing': 'needs',
  'undo.done': 'does not need',
  'undo.failed': 'bad news',
  'fault.healed': 'needs',
  'fault.failed': 'bad news',
  'step.began': 'does not need',
  'step.ended': 'not in these',
  observation: 'needs',
  container: 'needs',
  role: 'needs for a check',
  load: 'does not need',
  'load.ended': 'needs',
  resources: 'does not need',
  cache: 'does not need',
  reading: 'does not need',
  'alert.rules': 'not in these',
  'alert.state': 'not in these',
  'alert.delivered': 'not in these',
  'alert.watch': 'not in these',
  'alert.kept': 'not in these',
  'alert.watched': 'not in these',
  scaled: 'not in these',
  decided: 'not in these',
  scaling: 'not in these',
  life: 'not in these',
  lives: 'not in these',
  'controller.failed': 'bad news',
  'controller.ended': 'not in these',
  'deploy.step': 'not in these',
  'deploy.ended': 'not in these',
  'runbook.command': 'not in these',
  audit: 'needs',
  'audit.ended': 'needs',
  hops: 'needs',
  host: 'needs',
  'clock.stepped': 'bad news',
  'clock.watched': 'needs',

  snapshot: 'needs',
  audited: 'needs',
  repaired: 'not in these',
  residue: 'needs',
  'not-ready': 'bad news',
  interrupted: 'bad news',
  aborted: 'bad news',
  error: 'bad news',
  note: 'does not need',
  'run.ended': 'does not need',
};

interface Recorded {
  readonly files: KeptRecord['files'];
  readonly events: readonly RunEvent[];
}

const textOf = (files: KeptRecord['files'], name: string): string => Buffer.from(files.get(name) ?? []).toString();

const recordOf = ({ files }: KeptRecord): Recorded => ({
  files,
  events: textOf(files, 'events.ndjson')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent),
});

/** Writes a record as if the rest had never been recorded, seals it and judges it. */
function judged({ files, events }: Recorded): string {
  const lines = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const dir = unpacked(
    new Map([...files, ['events.ndjson', lines]].filter(([name]) => name !== 'seal.json') as [string, Uint8Array][]),
  );
  try {
    seal(dir);
    return judgeFolder(dir, known).document.verdict;
  } catch (error) {
    if (error instanceof ChaosError) return error.code;
    throw error;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const without = (record: Recorded, isGone: (event: RunEvent) => boolean): Recorded => ({
  ...record,
  events: record.events.filter((event) => !isGone(event)),
});

/** The record without the requests that `isGone` says. The counts of the generator stay. */
function withoutRequests({ files, events }: Recorded, isGone: (planned: number) => boolean): Recorded {
  const schema = JSON.parse(textOf(files, 'samples/schema.json')) as SamplesSchema;
  const table = decodeBlocks(files.get('samples/requests.bin') ?? new Uint8Array(), schema);
  const rows = Array.from({ length: table.length }, (_, i): RequestRow => {
    const { planned, sent, firstByte, done, endpoint, scenario, outcome, status, source, number } = table;
    const columns = { planned, sent, firstByte, done, endpoint, scenario, outcome, status, source, number };
    return Object.fromEntries(Object.entries(columns).map(([name, of]) => [name, of[i] ?? 0])) as unknown as RequestRow;
  });
  const left = encodeBlock(rows.filter(({ planned }) => !isGone(planned)));
  return { files: new Map([...files, ['samples/requests.bin', left]]), events };
}

/** The rows of a table in docs/records.md below a heading: what each is about. */
function documented(heading: string): string[] {
  const page = readFileSync(join(ROOT, 'docs', 'records.md'), 'utf8');
  const part = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...part.matchAll(/^\| `([\w.-]+)`/gm)].map(([, name = '']) => name).toSorted();
}

const ofUse = (use: (typeof KINDS)[EventKind]): string[] =>
  Object.keys(KINDS)
    .filter((kind) => KINDS[kind as EventKind] === use)
    .toSorted();

describe('evidence that was never written', function () {
  // A hang guard.
  this.timeout(300_000);
  const kept = keptRecords().filter(({ version }) => version === RECORD_VERSION);
  const records = kept.map((one) => ({ name: one.name, record: recordOf(one) }));

  it('keeps the flagship from PASS: the roles, which its check of the failover reads', () => {
    const flagship = records.find(({ name }) => name.endsWith('postgres-primary-loss'));
    if (flagship === undefined) throw new Error('there is no record of the flagship');
    expect(judged(without(flagship.record, (e) => e.kind === 'role'))).to.equal('INCONCLUSIVE');
  });

  it('is listed in docs/records.md where the verdict does not need it', () => {
    expect(documented('What nobody reads')).to.deep.equal(ofUse('does not need'));
    expect(documented('Bad news that was never written')).to.deep.equal(ofUse('bad news'));
  });

  for (const { name, record } of records) {
    const kinds = [...new Set(record.events.map(({ kind }) => kind))];

    it(`keeps ${name} from PASS: each kind of event, as docs/records.md says`, () => {
      expect(judged(record)).to.equal('PASS');
      const found = kinds.map((kind) => [kind, judged(without(record, (e) => e.kind === kind))] as const);
      const passed = found.filter(([, verdict]) => verdict === 'PASS').map(([kind]) => kind);
      expect(passed.filter((kind) => KINDS[kind] === 'needs')).to.deep.equal([]);
      expect(kinds.filter((kind) => KINDS[kind] === 'does not need' && !passed.includes(kind))).to.deep.equal([]);
    });

    it(`keeps ${name} from PASS: one beginning or end of a phase, a fault or an audit`, () => {
      const each = record.events.filter(({ kind }) =>
        ['phase.started', 'phase.ended', 'audit', 'audit.ended', 'audited', 'load.ended', 'residue', 'hops'].includes(
          kind,
        ),
      );
      const faults = record.events.filter(({ kind }) => kind.startsWith('fault.'));
      for (const gone of [...each, ...faults])
        expect(judged(without(record, (e) => e === gone)), JSON.stringify(gone).slice(0, 80)).not.to.equal('PASS');
    });

    it(`keeps ${name} from PASS: what the observers saw before the fault`, () => {
      const begun = record.events.find(({ kind }) => kind === 'fault.injecting')?.t ?? 0;
      const isBaseline = (e: RunEvent): boolean => (e.kind === 'observation' || e.kind === 'container') && e.t < begun;
      expect(judged(without(record, isBaseline))).not.to.equal('PASS');
    });

    it(`keeps ${name} from PASS: what one observer saw, unless it asked somebody who was not hit`, () => {
      const hit = record.events.flatMap((e) => (e.kind === 'fault.injected' ? e.targets : []));
      const observers = new Set(record.events.flatMap((e) => (e.kind === 'observation' ? [e.observer] : [])));
      const unread = [...observers].filter(
        (id) => judged(without(record, (e) => e.kind === 'observation' && e.observer === id)) === 'PASS',
      );
      expect(unread.filter((id) => hit.some((target) => id.includes(target)))).to.deep.equal([]);
      expect(unread.length).to.be.lessThan(observers.size);
    });

    it(`keeps ${name} from PASS: the requests or the host's readings of a phase`, () => {
      for (const window of phaseWindows(record.events)) {
        const within = (t: number): boolean => t >= window.started && t < window.ended;
        expect(judged(withoutRequests(record, within)), `requests, ${window.phase}`).not.to.equal('PASS');
        if (window.ended - window.started < 3_000 || !JUDGED_PHASES.some((phase) => phase === window.phase)) continue;
        const host = without(record, (e) => e.kind === 'host' && within(e.t));
        expect(judged(host), `host, ${window.phase}`).not.to.equal('PASS');
      }
      const [first] = record.events.filter(({ kind }) => kind === 'phase.started');
      expect(judged(withoutRequests(record, (t) => t < (first?.t ?? 0) + 50)), 'a few requests').not.to.equal('PASS');
    });

    it(`keeps ${name} from PASS: the logs of the requests' way (case V1)`, () => {
      const hops = (change: object): Recorded => ({
        ...record,
        events: record.events.map((e) => (e.kind === 'hops' ? { ...e, ...change } : e)),
      });
      expect(judged(hops({ rows: [], complete: false, problem: 'the logs cannot be read' }))).to.equal('INCONCLUSIVE');
      expect(judged(hops({ rows: [] }))).to.equal('INCONCLUSIVE');
    });

    it(`keeps ${name} from PASS: acknowledged writes that were not looked up`, () => {
      const fewer = record.events.map((e) =>
        e.kind === 'audit' ? { ...e, finding: { ...e.finding, acknowledged: e.finding.acknowledged - 1 } } : e,
      );
      expect(judged({ ...record, events: fewer })).to.equal('INCONCLUSIVE');
    });

    it(`keeps ${name} from PASS: the files of samples`, () => {
      for (const gone of ['samples/requests.bin', 'samples/schema.json']) {
        const files = new Map([...record.files].filter(([path]) => path !== gone));
        expect(judged({ ...record, files }), gone).not.to.equal('PASS');
      }
    });

    it(`keeps ${name} from PASS: everything after a moment, wherever it ends`, () => {
      const random = seededRandom(kinds.length);
      const last = record.events.findLastIndex(({ kind }) => kind === 'residue');
      for (let i = 0; i < 25; i += 1) {
        const length = 1 + Math.floor(random() * last);
        expect(judged({ ...record, events: record.events.slice(0, length) }), `${length} events`).not.to.equal('PASS');
      }
    });
  }
});
