import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { JudgedRun } from '../../../../harness/core/record/run.ts';
import { exported, type Form } from '../../../../harness/modes/export/export.ts';
import { type Row, TABLE_NAMES, TABLES } from '../../../../harness/modes/export/tables.ts';
import { redactor } from '../../../../harness/core/text/redact.ts';
import { sampleRun } from '../../../helpers/samples/run.ts';

const SHORT = { warmup: 1, baseline: 2, fault: 2, heal: 1, recovery: 2 };
const plain = sampleRun({ seconds: SHORT });
const t = plain.history.events.at(-1)?.t ?? 0;
const scaled = { kind: 'scaled', t, group: 'app', action: 'scale_up', from: 3, to: 4, metric: 'cpu' } as const;
/** A run that was scaled too. */
const run: JudgedRun = {
  ...plain,
  history: {
    ...plain.history,
    events: [...plain.history.events, { ...scaled, value: 91.234, threshold: 70 }],
  },
};

/** Exports runs, one a folder. The folder "bad" cannot be read. */
function pieces(form: Form, dirs: readonly string[], passed: string[] = [], of = run): string[] {
  const judge = (dir: string): JudgedRun => {
    if (dir === 'bad') throw new Error('line 3 is cut');
    return { ...of, document: { ...of.document, run: dir } };
  };
  const redact = redactor(['planted-kiwi7Zq']);
  return [...exported({ dirs, form, judge, redact, passOver: ({ dir, message }) => passed.push(`${dir} ${message}`) })];
}
const lines = (form: Form, dirs: readonly string[], of = run): Row[] =>
  pieces(form, dirs, [], of)
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

describe('an export', () => {
  it('has rows with exactly the columns of their table, in this order', () => {
    for (const name of TABLE_NAMES) {
      const rows: readonly Row[] = TABLES[name].rows(run);
      expect(rows, name).not.to.deep.equal([]);
      for (const row of rows)
        expect(Object.keys(row).toSorted(), name).to.deep.equal([...TABLES[name].columns].toSorted());
    }
  });

  it('has the figures of the record: verdict, checks, faults, requests by phase and endpoint, and scaling', () => {
    const rows = lines({ format: 'ndjson', tables: TABLE_NAMES }, ['a']);
    const of = (table: string): Row[] => rows.filter((row) => row['table'] === table);
    expect(of('runs')).to.have.lengthOf(1);
    expect(of('runs')[0]).to.include({ run: 'a', verdict: run.document.verdict, seed: 42 });
    expect(of('checks').map((row) => row['name'])).to.deep.equal(run.document.checks.map(({ name }) => name));
    expect(of('faults')[0]).to.include({ id: 'kill-1', name: 'kill', effective: 'effective' });
    const all = of('samples').filter((row) => row['endpoint'] === null);
    expect(all.map((row) => row['phase'])).to.deep.equal(['warmup', 'baseline', 'fault', 'heal', 'recovery']);
    for (const whole of all) {
      const parts = of('samples').filter((row) => row['phase'] === whole['phase'] && row['endpoint'] !== null);
      expect(parts.reduce((sum, row) => sum + Number(row['offered']), 0)).to.equal(whole['offered']);
    }
    expect(of('auto_scaling_events')).to.deep.equal([
      {
        table: 'auto_scaling_events',
        run: 'a',
        experiment: 'postgres-primary-loss',
        scaling_group: 'app',
        scaling_action: 'scale_up',
        previous_capacity: 3,
        new_capacity: 4,
        trigger_metric: 'cpu',
        trigger_value: 91.234,
        threshold_value: 70,
        timestamp: new Date(t).toISOString(),
      },
    ]);
  });

  it('in CSV begins with the columns, once, also when there is no run', () => {
    const form = { format: 'csv', table: 'faults' } as const;
    const head = `${TABLES.faults.columns.join(',')}\r\n`;
    expect(pieces(form, [])).to.deep.equal([head]);
    const [first, ...rest] = pieces(form, ['a', 'b']);
    expect(first).to.equal(head);
    expect(rest.map((piece) => piece.split(',')[0])).to.deep.equal(['a', 'b']);
  });

  it('names a run that cannot be read, and hides no other', () => {
    const passed: string[] = [];
    const text = pieces({ format: 'csv', table: 'runs' }, ['a', 'bad', 'c'], passed).join('');
    expect(passed).to.deep.equal(['bad line 3 is cut']);
    expect(text.match(/^[ac],/gm)).to.deep.equal(['a,', 'c,']);
  });

  it('reads a run only when the text of the one before is taken', () => {
    let read = 0;
    const judge = (): JudgedRun => {
      read += 1;
      return run;
    };
    const dirs = Array.from({ length: 1_000 }, (_, i) => String(i));
    const form = { format: 'csv', table: 'runs' } as const;
    const going = exported({ dirs, form, judge, redact: (text) => text, passOver: () => undefined });
    going.next();
    expect(read).to.equal(0);
    going.next();
    expect(read).to.equal(1);
    going.return();
    expect(read).to.equal(1);
  });

  it('has no secret, and keeps odd titles on their line', () => {
    const title = 'password planted-kiwi7Zq \u001b[2J "x", \n y';
    const odd = { ...run, document: { ...run.document, title } };
    expect(lines({ format: 'ndjson', tables: ['runs'] }, ['a'], odd)).to.deep.equal([
      { ...lines({ format: 'ndjson', tables: ['runs'] }, ['a'])[0], title: title.replace('planted-kiwi7Zq', '***') },
    ]);
    const csv = pieces({ format: 'csv', table: 'runs' }, ['a'], [], odd).join('');
    expect(csv).to.include('"password *** ␛[2J ""x"", \n y"').and.not.include('kiwi');
  });
});
