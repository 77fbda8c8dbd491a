import { expect } from 'chai';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { describe, it } from 'mocha';
import type { LoadDocument } from '../../harness/core/load/document.ts';
import { startChaos } from '../helpers/chaos.ts';
import { makeSite } from '../helpers/certificates.ts';
import { serve, serveTls } from '../helpers/web-server.ts';
import { commandLine } from './world.ts';

/** No name server knows the domain `invalid`, so nothing is sent (RFC 2606). */
const REMOTE = ['--allow-remote', '--for', '1s'];
const cli = commandLine();
const SATURDAY = 'experiments/workloads/saturday.yaml';
const load = (...args: readonly string[]) => cli.run('load', ...args, '--json');
const errorOf = (said: { json(): unknown }): { code: string; message: string; hint: string } =>
  (said.json() as { error: { code: string; message: string; hint: string } }).error;
/** The document that a load left in its folder. */
const documentIn = (dir: string): LoadDocument =>
  JSON.parse(readFileSync(join(dir, 'load.json'), 'utf8')) as LoadDocument;

/** The lateness above which a load proves nothing, milliseconds. The gates of a load have tests of their own. */
const LATE_MS = 50;

/**
 * Expects nothing wrong with a load, except what a busy host does to each load: its requests are late, or the thread of
 * its generator is busy all the time. The load must say so exactly when it is so.
 */
function expectSound({ invalid, lag_ms: lag }: LoadDocument): void {
  const codes = invalid.map(({ code }) => code).filter((code) => code !== 'CHAOS_GENERATOR_SATURATED');
  expect(codes).to.deep.equal((lag.p99 ?? 0) > LATE_MS ? ['CHAOS_GENERATOR_LAG'] : []);
}

/** Expects a load that came to its end, and was measured if the host was quiet enough. */
function expectOffered(document: LoadDocument, code: number): void {
  expectSound(document);
  const quiet = document.invalid.length === 0;
  expect(document).to.include(
    quiet ? { verdict: 'MEASURED', exit_code: 0 } : { verdict: 'INCONCLUSIVE', exit_code: 4 },
  );
  expect(code).to.equal(document.exit_code);
}

describe('chaos load', function () {
  // A hang guard: each load lasts a second, and its code is warmed up before.
  this.timeout(30_000);

  it('offers a load and prints a document with the promised keys', async () => {
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
    expectOffered(document, said.code);
    expect(document).to.include({
      schema_version: 1,
      planned: 50,
      sent: 50,
      ok: 50,
      failed: 0,
      dropped: 0,
      in_flight: 0,
    });
    expect(document).to.include({ rate_per_s: 50, timeout_ms: 5_000, seed: 7, duration_s: 1, base_url: server.url });
    expect(document.outcomes).to.deep.equal({ ok: 50 });
    // The last request may leave late, and then the 50 requests took longer than a second.
    expect(document.achieved_per_s).to.be.within(50_000 / (1_000 + (document.lag_ms.max ?? NaN)), 50);
    expect(document.latency_ms).to.have.keys('population', 'p50', 'p90', 'p95', 'p99', 'max');
    expect(document.lag_ms).to.have.keys('p50', 'p99', 'max');
    expect(document.endpoints.map((e) => [e.name, e.planned])).to.deep.equal([['GET /a', 50]]);
    expect(seen.length).to.equal(50);
    expect(seen[0]?.headers).to.include({ 'x-team': 'red', authorization: 'Bearer abcdefghijklmnopqrst' });

    const { dir } = document;
    expect(dir.startsWith(join(cli.root, 'reports'))).to.equal(true);
    expect(documentIn(dir)).to.deep.equal(document);
    for (const file of ['events.ndjson', 'samples/requests.bin', 'samples/schema.json'])
      expect(existsSync(join(dir, file)), file).to.equal(true);
    expect(existsSync(join(dir, 'report.html'))).to.equal(false);
    for (const file of ['events.ndjson', 'load.json'])
      expect(readFileSync(join(dir, file), 'utf8'), file).not.to.include('abcdefghijklmnopqrst');
  });

  it('fills in the templates of a JSON body, prints a table for people, and writes a page with --report', async () => {
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
    const page = /^.*report\.html$/m.exec(said.stderr)?.[0] ?? '';
    const document = documentIn(dirname(page));
    expectOffered(document, said.code);
    expect(said.stdout).to.match(/^endpoint +planned +ok +failed +p50 +p90 +p95 +p99 +max/m);
    expect(said.stdout).to.match(/^POST \/ +40 +36 +4 /m);
    expect(said.stdout).to.include('http_error 4');
    expect(new Set(bodies.map((b) => (JSON.parse(b) as { note: string }).note)).size).to.equal(40);
    const html = readFileSync(page, 'utf8');
    expect(html).to.include('data-chart="latency"').and.to.include(document.verdict).and.to.include('POST /');
    rmSync(page);
    expect((await cli.run('report', 'latest')).stdout).to.equal(`${page}\n`);
    expect(readFileSync(page, 'utf8')).to.equal(html);
  });

  it('goes over TLS, trusts whom it is told to trust, and gives requests connections of their own', async () => {
    const site = makeSite();
    await using server = await serveTls(site.pem, (_request, response) => response.end('{}'));
    const args = ['--url', `https://127.0.0.1:${server.port}/`, '--rate', '40/s', '--for', '1s'];
    const said = await load(...args, '--ca', join(site.folder, 'ca.crt'), '--new-connections', '100%');
    const document = said.json() as LoadDocument;
    expectOffered(document, said.code);
    expect(document.outcomes).to.deep.equal({ ok: 40 });
    expect(document.base_url).to.equal(`https://127.0.0.1:${server.port}`);
    expect(server.handshakes.length, 'and a few that were opened before').to.be.within(40, 45);
    const wary = (await load(...args)).json() as LoadDocument;
    expect(wary.outcomes).to.deep.equal({ tls: 40 });
    expect(wary.errors).to.deep.equal({ UNABLE_TO_VERIFY_LEAF_SIGNATURE: 40 });
  });

  it('sends path, headers and body byte for byte, apart from templates (cases C6, C9)', async () => {
    const seen: { url: string | undefined; header: string | undefined; body: string }[] = [];
    await using server = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        seen.push({ url: request.url, header: String(request.headers['x-odd']), body });
        response.end('{}');
      });
    });
    const odd = '{ "id": 9007199254740993, "price": 1.10, "n": "{{n}}", "text": "{{{{n}}}}", "\\u00e9": "\\/é" }';
    const said = await load(
      '--url',
      `${server.url}//items/{{int 5 5}}/../{a}?b={{{{n}}}}&c=%7e"`,
      '--rate',
      '10/s',
      '--for',
      '1s',
      '--method',
      'PUT',
      '--header',
      'X-Odd:  {{{{x}}}} { } ',
      '--body',
      odd,
    );
    const document = said.json() as LoadDocument;
    expectOffered(document, said.code);
    expect(document, said.stderr).to.include({ planned: 10, ok: 10 });
    expect(document.endpoints.map(({ name }) => name)).to.deep.equal(['PUT //items/{{int 5 5}}/../{a}']);
    for (const { url, header } of seen) {
      expect(url).to.equal('//items/5/../{a}?b={{n}}&c=%7e"');
      expect(header).to.equal('{{x}} { }');
    }
    // Requests that leave together come over several connections, in any order.
    const body = (n: number): string => odd.replace('"{{n}}"', String(n)).replace('{{{{n}}}}', '{{n}}');
    expect(seen.map((one) => one.body)).to.have.members(Array.from({ length: 10 }, (_, n) => body(n)));
  });

  it('counts failures by their status and their error code (case C7)', async () => {
    let n = 0;
    await using server = await serve((_request, response) => {
      n += 1;
      response.statusCode = n % 3 === 0 ? 302 : n % 5 === 0 ? 503 : 200;
      response.end();
    });
    const said = await load('--url', server.url, '--rate', '30/s', '--for', '1s');
    const { outcomes, statuses, errors, endpoints } = said.json() as LoadDocument;
    expect({ outcomes, statuses, errors }).to.deep.equal({
      outcomes: { ok: 16, http_error: 14 },
      statuses: { 200: 16, 302: 10, 503: 4 },
      errors: {},
    });
    expect(endpoints[0]).to.deep.include({ statuses, errors });
    const lost = await cli.run('load', '--url', 'http://nowhere.localhost.invalid/', ...REMOTE, '--rate', '20/s');
    expect(lost.stdout)
      .to.match(/other 20\b/)
      .and.to.match(/^errors by code: (?:ENOTFOUND|EAI_AGAIN) 20$/m);
  });

  it('offers the requests of a workload file, and counts them by endpoint', async () => {
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
    expectOffered(document, said.code);
    const [a, b] = document.endpoints;
    expect(a).to.include({ name: 'GET /a', failed: 0 });
    expect(b?.outcomes).to.deep.equal({ wrong_body: b?.planned });
    expect((a?.planned ?? 0) + (b?.planned ?? 0)).to.equal(document.planned);
  });

  it('measures a target that is down: all requests are offered as planned, and all fail', async () => {
    const said = await load('--url', 'http://127.0.0.1:9/', '--rate', '20/s', '--for', '1s');
    expectOffered(said.json() as LoadDocument, said.code);
    expect(said.json()).to.deep.include({ planned: 20, sent: 0, ok: 0, failed: 20, outcomes: { refused: 20 } });
    expect(said.json()).to.deep.include({ statuses: {}, errors: { ECONNREFUSED: 20 } });
  });

  it('is listed by chaos list, and is refused by chaos judge', async () => {
    const { runs } = (await cli.run('list', '--json')).json() as {
      runs: { kind: string; verdict: string; run: string }[];
    };
    expect(runs.length).to.be.at.least(4);
    const verdictOf = (run: string): string => documentIn(join(cli.root, 'reports', run)).verdict;
    for (const { kind, verdict, run } of runs)
      expect({ kind, verdict }).to.deep.equal({ kind: 'load', verdict: verdictOf(run) });
    const said = await cli.run('judge', runs[0]?.run ?? '', '--json');
    expect(said.code).to.equal(2);
    expect(errorOf(said).code).to.equal('CHAOS_NO_RUN');
  });

  it('refuses a target on another machine', async () => {
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
    ['no target', ['--rate', '1/s'], /needs either --url or --workload/],
    ['two targets', ['--url', 'http://127.0.0.1/', '--workload', 'x.yaml', '--rate', '1/s'], /needs either/],
    ['no rate', ['--url', 'http://127.0.0.1/'], /rate/],
    ['a rate without a unit', ['--url', 'http://127.0.0.1/', '--rate', '300'], /^--rate: "300"/],
    ['a time without a unit', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--for', '20'], /^--for 20/],
    ['a time that is too long', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--for', '48h'], /^--for 48h/],
    ['a timeout of 0', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--timeout', '0s'], /^--timeout/],
    [
      'an unknown arrival process',
      ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--arrivals', 'bursts'],
      /^--arrivals/,
    ],
    ['a seed that is no number', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--seed', 'x'], /^--seed x/],
    ['a protocol other than HTTP', ['--url', 'ftp://127.0.0.1/', '--rate', '1/s'], /no HTTP address/],
    [
      'an authority without TLS',
      ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--ca', 'ca.crt'],
      /goes with an https/,
    ],
    ['a file that is not there', ['--url', 'https://127.0.0.1/', '--rate', '1/s', '--ca', 'no.crt'], /ENOENT/],
    [
      'a file without a certificate',
      ['--url', 'https://127.0.0.1/', '--rate', '1/s', '--ca', SATURDAY],
      /no certificate/,
    ],
    [
      'a share of 0',
      ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--new-connections', '0%'],
      /^--new-connections: "0%"/,
    ],
    ['credentials in the URL', ['--url', 'http://a:b@127.0.0.1/', '--rate', '1/s'], /holds credentials/],
    ['an unknown method', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--method', 'BREW'], /BREW/],
    ['an invalid header', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--header', 'a: b\r\nc: d'], /no header/],
    [
      'a header that only the generator sets',
      ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--header', 'Content-Length: 3'],
      /generator's own/,
    ],
    ['a body that is no JSON', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--body', '{'], /--body is no JSON/],
    ['an unknown template', ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--body', '{"a":"{{nope}}"}'], /nope/],
    ['a path with a space', ['--url', 'http://127.0.0.1/a b', '--rate', '1/s'], /cannot be sent as it is written/],
    ['a path beyond ASCII', ['--url', 'http://127.0.0.1/ü', '--rate', '1/s'], /cannot be sent as it is written/],
    ['a fragment (case C8)', ['--url', 'http://127.0.0.1/a#b', '--rate', '1/s'], /part after #/],
    [
      'a wrong template in a path (case C9)',
      ['--url', 'http://127.0.0.1/{{it 1 9}}', '--rate', '1/s'],
      /^--url: .*it 1 9/,
    ],
    [
      'a template in a header (case C9)',
      ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--header', 'a: {{int 1 9}}'],
      /cannot have a template/,
    ],
    [
      'a header twice (case C6)',
      ['--url', 'http://127.0.0.1/', '--rate', '1/s', '--header', 'a: b', '--header', 'A: c'],
      /given twice/,
    ],
    [
      'a base address with a query (case C8)',
      ['--workload', SATURDAY, '--base-url', 'http://127.0.0.1/pre?x=1', '--rate', '1/s'],
      /--base-url holds a query/,
    ],
    [
      'a base address with a fragment (case C8)',
      ['--workload', SATURDAY, '--base-url', 'http://127.0.0.1/pre#x', '--rate', '1/s'],
      /part after #/,
    ],
    ['a workload without an address', ['--workload', SATURDAY, '--rate', '1/s'], /no address/],
    [
      'a method for a workload',
      ['--workload', 'x.yaml', '--method', 'GET', '--rate', '1/s'],
      /--method goes with --url/,
    ],
  ] as const) {
    it(`refuses bad input and starts nothing: ${what}`, async () => {
      const said = await load(...args);
      expect(said.code).to.equal(2);
      expect(errorOf(said).code).to.equal('CHAOS_USAGE');
      expect(errorOf(said).message).to.match(message);
      expect(errorOf(said).hint).to.match(/\S/);
    });
  }

  it('stops planning at Ctrl-C, prints what was done, and exits with 130', async () => {
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
    expectSound(document);
  });
});
