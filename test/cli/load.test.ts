import { expect } from 'chai';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { LoadDocument } from '../../harness/core/load/document.ts';
import { startChaos } from '../helpers/chaos.ts';
import { serve } from '../helpers/web-server.ts';
import { commandLine } from './world.ts';

const cli = commandLine();
const load = (...args: readonly string[]) => cli.run('load', ...args, '--json');
const errorOf = (said: { json(): unknown }): { code: string; message: string; hint: string } =>
  (said.json() as { error: { code: string; message: string; hint: string } }).error;

describe('chaos load', function () {
  // A hang guard: each load lasts a second and warms its code up before.
  this.timeout(30_000);

  it('offers a load and prints the document of the contract', async () => {
    const seen: IncomingMessage[] = [];
    await using server = await serve((request, response) => {
      seen.push(request);
      response.statusCode = request.url === '/a?x=1' ? 200 : 404;
      response.end('{}');
    });
    const said = await load(
      '--url',
      `${server.url}/a?x=1`,
      '--rate',
      '50/s',
      '--for',
      '1s',
      '--seed',
      '7',
      '--header',
      'X-Team: red',
      '--header',
      'Authorization: Bearer abcdefghijklmnopqrst',
    );
    const document = said.json() as LoadDocument;
    expect(said.code, said.stderr).to.equal(0);
    expect(document).to.include({
      schema_version: 1,
      verdict: 'MEASURED',
      exit_code: 0,
      planned: 50,
      sent: 50,
      ok: 50,
      failed: 0,
      dropped: 0,
      in_flight: 0,
    });
    expect(document).to.include({ rate_per_s: 50, timeout_ms: 5_000, seed: 7, duration_s: 1, base_url: server.url });
    expect(document.outcomes).to.deep.equal({ ok: 50 });
    expect(document.achieved_per_s).to.be.closeTo(50, 2);
    expect(document.latency_ms).to.have.keys('p50', 'p90', 'p95', 'p99', 'max');
    expect(document.lag_ms).to.have.keys('p50', 'p99', 'max');
    expect(document.invalid).to.deep.equal([]);
    expect(document.endpoints.map((e) => [e.name, e.planned])).to.deep.equal([['GET /a', 50]]);
    expect(seen.length).to.equal(50);
    expect(seen[0]?.headers).to.include({ 'x-team': 'red', authorization: 'Bearer abcdefghijklmnopqrst' });

    const { dir } = document;
    expect(dir.startsWith(join(cli.root, 'reports'))).to.equal(true);
    expect(JSON.parse(readFileSync(join(dir, 'load.json'), 'utf8'))).to.deep.equal(document);
    for (const file of ['events.ndjson', 'samples/requests.bin', 'samples/schema.json'])
      expect(existsSync(join(dir, file)), file).to.equal(true);
    expect(existsSync(join(dir, 'report.html'))).to.equal(false);
    for (const file of ['events.ndjson', 'load.json'])
      expect(readFileSync(join(dir, file), 'utf8'), file).not.to.include('abcdefghijklmnopqrst');
  });

  it('prints a table for people, sends a JSON body drawn from its templates, and writes the page on request', async () => {
    const bodies: string[] = [];
    await using server = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        bodies.push(body);
        response.statusCode = bodies.length % 10 === 0 ? 503 : 201;
        response.end('{}');
      });
    });
    const said = await cli.run(
      'load',
      '--url',
      server.url,
      '--rate',
      '40/s',
      '--for',
      '1s',
      '--body',
      '{"note":"{{token}}"}',
      '--report',
    );
    expect(said.code, said.stderr).to.equal(0);
    expect(said.stdout).to.match(/^endpoint +planned +ok +failed +p50 +p90 +p95 +p99 +max/m);
    expect(said.stdout).to.match(/^POST \/ +40 +36 +4 /m);
    expect(said.stdout).to.include('http_error 4');
    expect(new Set(bodies.map((b) => (JSON.parse(b) as { note: string }).note)).size).to.equal(40);
    const page = /^.*report\.html$/m.exec(said.stderr)?.[0] ?? '';
    const html = readFileSync(page, 'utf8');
    expect(html).to.include('data-chart="latency"').and.to.include('MEASURED').and.to.include('POST /');
    rmSync(page);
    expect((await cli.run('report', 'latest')).stdout).to.equal(`${page}\n`);
    expect(readFileSync(page, 'utf8')).to.equal(html);
  });

  it('offers the requests of a workload file, by endpoint', async () => {
    await using server = await serve((request, response) =>
      response.end('{"id":1}').on('close', () => request.resume()),
    );
    const file = join(cli.root, 'workload.yaml');
    writeFileSync(
      file,
      'name: w\nscenarios:\n  - name: s\n    weight: 1\n    endpoints:\n      - { path: /a, method: GET, frequency: 1, expect: [id] }\n      - { path: /b, method: GET, frequency: 1, expect: [name] }\n',
    );
    const said = await load(
      '--workload',
      file,
      '--base-url',
      server.url,
      '--rate',
      '60/s',
      '--for',
      '1s',
      '--arrivals',
      'poisson',
    );
    const document = said.json() as LoadDocument;
    expect(said.code, said.stderr).to.equal(0);
    const [a, b] = document.endpoints;
    expect(a).to.include({ name: 'GET /a', failed: 0 });
    expect(b?.outcomes).to.deep.equal({ wrong_body: b?.planned });
    expect((a?.planned ?? 0) + (b?.planned ?? 0)).to.equal(document.planned);
  });

  it('a target that is down is measured, not excused: all failed, offered as planned', async () => {
    const said = await load('--url', 'http://127.0.0.1:9/', '--rate', '20/s', '--for', '1s');
    expect(said.code).to.equal(0);
    expect(said.json()).to.deep.include({ planned: 20, sent: 0, ok: 0, failed: 20, outcomes: { refused: 20 } });
  });

  it('is listed, and is no run that can be judged', async () => {
    const { runs } = (await cli.run('list', '--json')).json() as {
      runs: { kind: string; verdict: string; run: string }[];
    };
    expect(runs.length).to.be.at.least(4);
    expect(runs.every((r) => r.kind === 'load' && r.verdict === 'MEASURED')).to.equal(true);
    const said = await cli.run('judge', runs[0]?.run ?? '', '--json');
    expect(said.code).to.equal(2);
    expect(errorOf(said).code).to.equal('CHAOS_NO_RUN');
  });

  it('refuses another machine unless told that it may', async () => {
    for (const url of [
      'http://10.0.0.1/',
      'http://example.com/',
      'http://127.0.0.1.example.com/',
      'http://[2001:db8::1]/',
    ]) {
      const said = await load('--url', url, '--rate', '1/s');
      expect(said.code, url).to.equal(2);
      expect(errorOf(said), url).to.include({ code: 'CHAOS_REMOTE_TARGET' });
    }
  });

  for (const [what, args, message] of [
    ['nothing to aim at', ['--rate', '1/s'], /needs either --url or --workload/],
    ['both targets', ['--url', 'http://127.0.0.1/', '--workload', 'x.yaml', '--rate', '1/s'], /needs either/],
    ['no rate', ['--url', 'http://127.0.0.1/'], /rate/],
    ['a bare rate', ['--url', 'http://127.0.0.1/', '--rate', '300'], /^--rate: "300"/],
    ['a bare time', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--for', '20'], /^--for 20/],
    ['two days', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--for', '48h'], /^--for 48h/],
    ['no timeout', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--timeout', '0s'], /^--timeout/],
    ['an unknown process', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--arrivals', 'bursts'], /^--arrivals/],
    ['a seed of words', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--seed', 'x'], /^--seed x/],
    ['another protocol', ['--url', 'https://127.0.0.1/', '--rate', '1/s'], /no address of HTTP/],
    ['credentials', ['--url', 'http://a:b@127.0.0.1/', '--rate', '1/s'], /holds credentials/],
    ['a method', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--method', 'BREW'], /BREW/],
    ['a header', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--header', 'a: b\r\nc: d'], /no header/],
    ['framing', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--header', 'Content-Length: 3'], /generator's own/],
    ['a body', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--body', '{'], /--body is no JSON/],
    ['a template', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--body', '{"a":"{{nope}}"}'], /nope/],
    [
      'a workload without an address',
      ['--workload', 'experiments/workloads/saturday.yaml', '--rate', '1/s'],
      /no address/,
    ],
    [
      'a method for a workload',
      ['--workload', 'x.yaml', '--method', 'GET', '--rate', '1/s'],
      /--method goes with --url/,
    ],
  ] as const) {
    it(`bad input, nothing started: ${what}`, async () => {
      const said = await load(...args);
      expect(said.code).to.equal(2);
      expect(errorOf(said).code).to.equal('CHAOS_USAGE');
      expect(errorOf(said).message).to.match(message);
      expect(errorOf(said).hint).to.match(/\S/);
    });
  }

  it('Ctrl-C: stops planning, tells what was done, exit 130', async () => {
    await using server = await serve((_request, response) => response.end());
    const running = startChaos(['load', '--url', server.url, '--rate', '50/s', '--for', '10m', '--json'], {
      CHAOS_REPORTS: join(cli.root, 'reports'),
    });
    await running.said(' s of 600 s');
    running.child.kill('SIGINT');
    const { code, stdout } = await running.ended;
    const document = JSON.parse(stdout) as LoadDocument;
    expect(code).to.equal(130);
    expect(document).to.include({ verdict: 'INTERRUPTED', exit_code: 130, reason: 'interrupted by SIGINT', failed: 0 });
    expect(document.ok).to.be.greaterThan(20);
    expect(document.invalid).to.deep.equal([]);
  });
});
