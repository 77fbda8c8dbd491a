import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import type { SlaDocument } from '../../harness/core/sla/document.ts';
import { ScrapedService } from '../helpers/doubles/scraped-service.ts';
import { recordSample } from '../helpers/record-run.ts';
import { sampleRun } from '../helpers/samples/run.ts';
import { serve } from '../helpers/web-server.ts';
import { type CommandLine, commandLine } from './world.ts';

const SINCE = '2026-11-24T00:00Z';

/** Answers questions about the raw samples of a service, as Prometheus does, to whoever has the token. */
const serveSamples = (service: ScrapedService, token: string): ReturnType<typeof serve> =>
  serve((request, response) => {
    void (async () => {
      let text = '';
      for await (const part of request) text += String(part);
      const form = new URLSearchParams(text);
      if (request.headers.authorization !== token) return response.writeHead(401).end();
      const [, selector = '', ms = ''] = /^(.+)\[(\d+)ms\]$/.exec(form.get('query') ?? '') ?? [];
      const [, name = '', bad] = /^(\w+)(\{status.*\})?/.exec(selector) ?? [];
      const ended = Number(form.get('time')) * 1_000;
      const result = service
        .series({ started: ended - Number(ms), ended })
        .filter(({ labels }) => labels['__name__'] === name)
        .filter(({ labels }) => bad === undefined || (labels['status'] ?? '').startsWith('5'))
        .map(({ labels, samples }) => ({
          metric: labels,
          values: samples.map(({ t, value }) => [t / 1_000, String(value)]),
        }));
      return response.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }));
    })();
  });

describe('chaos sla', function () {
  // This only guards against a hang: the first call of a command loads what it needs.
  this.timeout(60_000);
  let cli: CommandLine;
  let reports: string;
  const run = sampleRun({ outageS: 12 });

  before(() => {
    cli = commandLine();
    reports = join(cli.root, 'reports');
    recordSample(reports, run, (text) => text);
  });

  const sla = async (...args: string[]): Promise<SlaDocument> => {
    const said = await cli.run('sla', '--since', SINCE, '--reports', reports, '--json', ...args);
    expect(said.code, said.stderr).to.equal(0);
    return said.json() as SlaDocument;
  };

  it('prints one document: what fault burnt what, booked as drill, from the samples of the run', async () => {
    const document = await sla();
    expect(document).to.include({ schema_version: 1, source: 'runs', objective_percent: 99.9, month_days: 30 });
    const [burn] = document.faults;
    expect(burn).to.include({ id: 'kill-1', run: run.document.run, experiment: run.document.experiment });
    expect(burn?.errors).to.be.greaterThan(100);
    expect(burn?.burnt_percent).to.be.closeTo(
      (((burn?.errors ?? 0) / (burn?.requests ?? 1)) * (burn?.observed_s ?? 0) * 100) / 2_592,
      1e-4,
    );
    expect(document.drills.errors).to.equal(burn?.errors);
    expect(document.outside.errors).to.equal(0);
    expect(document.met).to.equal(true);
  });

  it('says it in words too, and writes a page with a link to the run', async () => {
    const page = join(cli.root, 'sla.html');
    const said = await cli.run(
      'sla',
      '--since',
      SINCE,
      '--reports',
      reports,
      '--html',
      page,
      '--saturday',
      '1000000/h',
    );
    expect(said.stdout)
      .to.include('The objective is met.')
      .and.match(/this fault burnt \d[\d.]* % of a 30-day budget at 99.9 %/)
      .and.include('on a Saturday of');
    expect(readFileSync(page, 'utf8')).to.include(`href="reports/${run.document.run}/report.html"`);
  });

  it('ends with 4 when nothing was observed, and with 2 when an option is wrong', async () => {
    const none = await cli.run('sla', '--since', '2026-12-24', '--reports', reports, '--json');
    expect(none.code).to.equal(4);
    expect((none.json() as SlaDocument).met).to.equal(null);
    for (const wrong of [
      ['--objective', '100%'],
      ['--days', '0'],
      ['--saturday', 'many'],
      ['--since', 'yesterday'],
      ['--prometheus', 'localhost'],
      ['--header', 'a=B'],
      ['--prometheus', 'http://127.0.0.1:9', '--header', 'planted-kiwi7Zq'],
    ]) {
      const said = await cli.run('sla', '--reports', reports, ...wrong);
      expect(said.code, wrong.join(' ')).to.equal(2);
      expect(said.stderr).to.include('CHAOS_USAGE').and.not.include('kiwi');
    }
  });

  it("books a user's Prometheus, drills apart by the recorded runs, with a token from the environment", async () => {
    const drill = run.document.faults[0];
    const from = Date.parse(drill?.injected ?? '') - 600_000;
    const service = new ScrapedService(1, from - 60_000);
    let failed = 0;
    service.answer(0, 200);
    for (let s = 0; s < 1_200; s += 5) {
      const inDrill = s > 605 && s < 625;
      const incident = s > 100 && s < 200;
      const bad = inDrill || incident;
      for (let i = 0; i < 10; i += 1) service.answer(0, bad ? 502 : 200);
      failed += incident ? 10 : 0;
      if (s === 900) service.start(0, from + s * 1_000);
      service.scrape(0, from + s * 1_000);
    }
    await using server = await serveSamples(service, 'Bearer planted-plum8');
    const env = { PROM_TOKEN: 'Bearer planted-plum8' };
    const asked = ['sla', '--since', new Date(from - 1_000).toISOString().replace(/\.\d+Z/, 'Z'), '--reports', reports];
    const watched = [...asked, '--prometheus', server.url, '--json'];
    const said = await commandLine(env, cli.root).run(...watched, '--header', 'authorization=PROM_TOKEN');
    expect(said.code, said.stderr).to.equal(0);
    const document = said.json() as SlaDocument;
    expect(document.source).to.equal('prometheus');
    expect(document.outside.errors).to.equal(failed);
    expect(document.drills.errors).to.be.greaterThan(0);
    expect(document.incidents).to.have.length(1);
    expect(document.counters).to.include({ resets: 1 });
    expect(document.faults, 'of the runs in this time').to.have.length(1);
    expect(said.stdout + said.stderr, 'the token').not.to.include('planted-plum8');
    const barred = await commandLine({ PROM_TOKEN: 'no' }, cli.root).run(
      ...watched,
      '--header',
      'authorization=PROM_TOKEN',
    );
    expect(barred.code).to.equal(3);
    expect((barred.json() as { error: { code: string } }).error.code).to.equal('CHAOS_PROMETHEUS');
    const unset = await cli.run(...watched, '--header', 'authorization=PROM_TOKEN');
    expect(unset.stderr).to.include('PROM_TOKEN, which is not set');
    const nothing = await commandLine(env, cli.root).run(
      ...watched,
      '--header',
      'authorization=PROM_TOKEN',
      '--requests',
      'hits_total',
    );
    expect(nothing.code).to.equal(4);
    expect((nothing.json() as { error: { code: string } }).error.code).to.equal('CHAOS_NO_SAMPLES');
  });
});
