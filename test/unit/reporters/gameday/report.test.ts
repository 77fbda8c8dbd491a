import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { GamedayEvent } from '../../../../harness/core/gameday/events.ts';
import type { GamedayRead } from '../../../../harness/core/gameday/reporter.ts';
import { gamedayReporters } from '../../../../harness/reporters/gameday/index.ts';
import { keptEvents } from '../../../helpers/replay.ts';
import { MINUTE } from '../../../helpers/samples/gameday.ts';
import { OPENED, recordedWhole, sampleDay, sampleRead } from '../../../helpers/samples/gameday-record.ts';
import { HOSTILE } from '../../../helpers/samples/hostile.ts';
import { PLANTED_PASSWORD, sampleRun } from '../../../helpers/samples/run.ts';

const render = (file: string, day: GamedayRead = sampleRead()): string => {
  const reporter = gamedayReporters('1.2.3').find((one) => one.file === file);
  if (reporter === undefined) throw new Error(`there is no reporter of ${file}`);
  return reporter.render(day);
};
const FILES = gamedayReporters('1.2.3').map(({ file }) => file);
/** The text of a part of the page, without its tags. */
const textOf = (html: string, id: string): string =>
  (new RegExp(`<section id="${id}"[^]*?</section>`).exec(html)?.[0] ?? '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');

/** A day in which every text of a person is the given one. */
function sayingOnly(text: string): GamedayRead {
  const day = sampleDay();
  const injects = day.injects.map((inject) => ({
    ...inject,
    name: `${inject.name} ${text}`,
    title: text,
    faults: [text],
    brief: text,
    experiment: text,
    expect: { ...inject.expect, alert: text, person: text, runbook: text },
  }));
  const said = { ...day, title: text, injects, abort: { owner: text, machines: [text], people: [text] } };
  const events = recordedWhole(said).events.map((event): GamedayEvent => {
    if (event.kind === 'note' || event.kind === 'text') return { ...event, text };
    if (event.kind === 'aborted' || event.kind === 'skipped' || event.kind === 'paused') return { ...event, why: text };
    if (event.kind === 'action') return { ...event, what: text, owner: text, experiment: text };
    if (event.kind === 'alert') return { ...event, name: text };
    return event.by === null ? event : { ...event, by: { ...event.by, who: text } };
  });
  return sampleRead({ day: said, events });
}

/** Returns the files of two runs: a real record, moved to the time at which each run was at work. */
function filesOfRuns(): GamedayRead['read'] {
  const events = keptEvents('v2-postgres-primary-loss');
  const began: Readonly<Record<string, number>> = { '/reports/run-a': 2.2, '/reports/run-b': 12.1 };
  return (dir, file) => {
    const minute = began[dir];
    if (minute === undefined || file !== 'events.ndjson') return undefined;
    const by = OPENED + minute * MINUTE - (events[0]?.t ?? 0);
    return events.map((event) => `${JSON.stringify({ ...event, t: event.t + by })}\n`).join('');
  };
}

describe('the after-action report', () => {
  it('has the times of machines and people beside what was expected, and their results', () => {
    const html = render('report.html');
    const times = textOf(html, 'times');
    expect(times).to.include('1. redis gone ✓ PASS ✓ 45.0 s in time of 1 min 00 s');
    expect(times, 'a pause does not count for people').to.include('✗ 5 min 30 s late of 5 min 00 s');
    expect(times).to.include('2. primary gone ■ ABORTED');
    expect(times).to.include('did not come');
    const markdown = render('report.md');
    expect(markdown).to.include('# ■ ABORTED · A made-up Saturday');
    expect(markdown).to.include('45.0 s, expected 1 min 00 s: in time');
    for (const text of [textOf(html, 'injects'), markdown]) {
      expect(text).to.match(/Jobs wait while Redis is gone/);
      expect(text).to.match(/ErrorsHigh/);
      expect(text).to.match(/a customer called/);
    }
  });

  it('has each event of the record at its own moment, to the millisecond', () => {
    const day = sampleRead();
    const html = render('report.html', day);
    const rows = [...html.matchAll(/<tr class="\w*" data-t="([-\d.]+)">.*?<code>([\w.]+)<\/code>/g)];
    const origin = day.events.find(({ kind }) => kind === 'begun')?.t ?? 0;
    const expected = day.events
      .map((event) => [('at' in event && event.at !== null ? event.at : event.t) - origin, event.kind] as const)
      .toSorted(([a], [b]) => a - b);
    expect(rows.map(([, t, kind]) => [Math.round(Number(t) * 1_000), kind])).to.deep.equal(expected);
  });

  it('draws every run of the day on one axis, and the notes with their numbers across the charts', () => {
    const html = render('report.html', sampleRead({ read: filesOfRuns() }));
    const data = JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/.exec(html)?.[1] ?? '') as {
      readonly length: number;
      readonly notes: readonly { readonly at: number; readonly label: string }[];
      readonly charts: readonly {
        readonly id: string;
        readonly x: readonly number[];
        readonly series: readonly { readonly values: readonly (number | null)[] }[];
      }[];
    };
    expect(data.length).to.equal(19 * 60);
    expect(data.notes).to.deep.equal([
      { at: 150, label: '1' },
      { at: 570, label: '2' },
      { at: 1_020, label: '3' },
    ]);
    expect(data.charts.map(({ id }) => id)).to.deep.equal(['latency', 'throughput', 'errors']);
    for (const { id, x, series } of data.charts) {
      const at = x.filter((_, i) => series.some(({ values }) => values[i] !== null));
      expect(
        at.some((t) => t > 10 && t < 200),
        `${id} of the first run`,
      ).to.equal(true);
      expect(
        at.some((t) => t > 610 && t < 800),
        `${id} of the second run`,
      ).to.equal(true);
      expect(
        at.some((t) => t > 300 && t < 600),
        `${id}: between two runs there is no load`,
      ).to.equal(false);
    }
    expect(html.match(/class="note-line"/g)?.length).to.equal(3 * 3);
    expect(textOf(html, 'notes')).to.include('2 9:30 (09:11:30) surprise The graph of jobs was red all the time');
    expect(textOf(html, 'notes')).to.include('nobody wrote a text');
  });

  it('has what follows as a task list, a table and data', () => {
    expect(render('actions.md')).to.include(
      '- [ ] Alert on a missing primary (Dora, by 2026-12-14; shown by postgres-primary-loss)',
    );
    expect(render('actions.csv')).to.equal(
      'action,what,owner,due,experiment,gameday\r\naction-1,Alert on a missing primary,Dora,2026-12-14,postgres-primary-loss,20261128-090000-gameday-made-up-3f9a\r\n',
    );
    expect(JSON.parse(render('actions.json'))).to.deep.equal({
      schema_version: 1,
      gameday: '20261128-090000-gameday-made-up-3f9a',
      title: 'A made-up Saturday',
      actions: sampleRead().document.actions,
    });
    const formula = render('actions.csv', sayingOnly('=HYPERLINK("http://evil.example")'));
    expect(formula, 'a spreadsheet carries no text out').not.to.match(/(^|,)"?=/m);
  });

  it('has detection and response beside earlier game days, where these tried the same', () => {
    const { document } = sampleRead();
    const [first] = document.injects;
    const earlier = [
      { ...document, started: '2026-09-26T09:00:00.000Z', injects: [] },
      {
        ...document,
        started: '2026-10-31T09:00:00.000Z',
        injects: [{ ...first!, first_alert_s: 40, first_ack_s: 90, healthy_s: null }],
      },
    ];
    const html = textOf(render('report.html', sampleRead({ earlier })), 'earlier');
    expect(html).to.include('redis gone First alert – 40.0 s 45.0 s +5.0 s');
    expect(html).to.include('First “I see it” – 90.0 s 60.0 s −30.0 s');
    expect(render('report.md', sampleRead({ earlier }))).to.include(
      '| redis gone | First alert | – | 40.0 s | 45.0 s |',
    );
    expect(render('report.html')).not.to.include('id="earlier"');
  });

  it('says how the hypotheses of the last run of an inject were judged, and links its report', () => {
    const { document } = sampleRun({ lost: 1 });
    const read: GamedayRead['read'] = (dir, file) =>
      dir === '/reports/run-a' && file === 'run.json' ? JSON.stringify(document) : undefined;
    const html = render('report.html', sampleRead({ read }));
    const held = document.checks.filter(({ verdict }) => verdict === 'PASS').length;
    expect(held, 'the sample has both').to.be.within(1, document.checks.length - 1);
    expect(textOf(html, 'injects')).to.include(
      `${held} of ${document.checks.length} hypotheses of its run held ✗ FAIL`,
    );
    expect(html).to.include('<a href="../run-a/report.html">run-a</a>');
  });

  it('says what was not tried, and what was tried again', () => {
    const html = render('report.html');
    expect(textOf(html, 'left')).to.include('slow link no time is left');
    expect(textOf(html, 'retests')).to.include('Nobody knew where the runbooks are 2026-10-31 1. redis gone PASS');
  });

  for (const [name, day] of [
    ['a whole day', sampleRead()],
    ['a day whose texts are hostile', sayingOnly(HOSTILE)],
    ['a day with secrets in its texts', sayingOnly(`password=${PLANTED_PASSWORD}`)],
    ['a day that was only opened', sampleRead({ events: recordedWhole().events.slice(0, 1) })],
    ['a day in the middle of an inject', sampleRead({ events: recordedWhole().events.slice(0, 12) })],
    ['a day whose runs are damaged', sampleRead({ read: () => '{"kind":"run.star' })],
  ] as const) {
    for (const file of FILES) {
      it(`writes ${file} of ${name} in the same way each time, without a secret, a script or a control character`, () => {
        const text = render(file, day);
        expect(text).to.equal(render(file, day));
        expect(text.includes(PLANTED_PASSWORD)).to.equal(false);
        // oxlint-disable-next-line no-control-regex -- this test is about control characters
        expect(text.replaceAll('\r\n', '\n').match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u)).to.equal(
          null,
        );
        const told = text.replaceAll(/<(script|style)[^>]*>[^]*?<\/\1>/g, '');
        expect(told).not.to.match(/\bundefined\b|\bNaN\b|\[object /);
        if (file.endsWith('.html')) {
          expect(text).not.to.match(/<script>alert/);
          expect(told).not.to.match(/(?:src|href)="(?:https?:|\/\/)/);
        }
        if (file.endsWith('.md')) expect(text).not.to.match(/(?<!\\)<script/);
        if (file.endsWith('.json')) expect(JSON.parse(text)).to.include({ schema_version: 1 });
      });
    }
  }
});
