import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import { capacityFileOrExplain, digestsNow } from '../../harness/commands/common/capacity-parts.ts';
import { CERTIFICATE_FILE } from '../../harness/modes/capacity/certificate-file.ts';
import { certify } from '../../harness/modes/capacity/certify.ts';
import { concludeRecord } from '../../harness/modes/capacity/conclude.ts';
import { measure } from '../../harness/modes/capacity/measure.ts';
import { beginMeasurement } from '../../harness/modes/capacity/open-record.ts';
import { ASKED, MeasuredSystem, plansOf } from '../helpers/doubles/measured-system.ts';
import { known } from '../helpers/known.ts';
import { DIGESTS, HOUR_MS, KEYS } from '../helpers/samples/certificate.ts';
import { commandLine, silentWorld } from './world.ts';

/** No engine answers there. */
const ENV = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
const COMPOSE = `name: shop
x-chaos:
  entry: http://127.0.0.1:18090
services:
  web:
    image: shop/web:1
    ports: ['127.0.0.1:18090:80']
  api:
    image: shop/api:1
    deploy: { replicas: 2 }
`;
const WORKLOAD = `name: one page
scenarios:
  - name: visit
    weight: 1
    endpoints:
      - { method: GET, path: /, frequency: 1 }
`;
const ASKS = `title: The sale in November
topology: compose.yml
workload: read.yaml
targets: { users: 120, p95: 200ms, errors: 1%, held: 2m }
cells:
  - { without: api, keeps: 40% }
`;

describe('chaos capacity FILE', function () {
  // A hang guard: the first call of a command loads what it needs.
  this.timeout(60_000);
  let dir: string;
  let cli: ReturnType<typeof commandLine>;
  const put = (name: string, text: string): void => {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  };

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'chaos-capacity-'));
    cli = commandLine(ENV, undefined, dir);
    put('compose.yml', COMPOSE);
    put('read.yaml', WORKLOAD);
    put('sale.yaml', ASKS);
  });

  it('--plan says what would be measured, and touches nothing', async () => {
    const { code, stdout } = await cli.run('capacity', 'sale.yaml', '--plan');
    expect(code).to.equal(0);
    expect(stdout).to.equal(`The sale in November
wanted: 120/s, which 120 users make
  full (30 min 05 s at most): nothing
  without api (8 min 00 s at most): kill {"service":"api","replica":1}
No cell and no experiment begins that would end after 75 min 00 s.
`);
    const document = (await cli.run('capacity', 'sale.yaml', '--plan', '--json')).json();
    expect(document).to.deep.include({ wanted_per_s: 120, users: 120, experiments: [] });
    expect(readdirSync(dir).toSorted()).to.deep.equal(['compose.yml', 'read.yaml', 'sale.yaml']);
  });

  it('names the mistakes of the file, and begins nothing', async () => {
    put('sale.yaml', ASKS.replace('without: api', 'without: apo'));
    const { code, stderr } = await cli.run('capacity', 'sale.yaml');
    expect(code).to.equal(2);
    expect(stderr)
      .to.match(/^sale\.yaml:6:\d+ {2}error CHAOS_/m)
      .and.to.include('apo');
    put('sale.yaml', `${ASKS}growth: peaks.csv\n`);
    const growth = await cli.run('capacity', 'sale.yaml', '--json');
    expect(growth.code).to.equal(2);
    expect(growth.json()).to.have.nested.property('error.code', 'CHAOS_HISTORY');
  });

  it('is named by `chaos validate` too', async () => {
    expect((await cli.run('validate', 'sale.yaml')).stdout).to.equal('1 valid\n');
    put('sale.yaml', ASKS.replace('p95: 200ms', 'p95: { writes: 200ms }'));
    const { code, stderr } = await cli.run('validate', 'sale.yaml');
    expect(code).to.equal(2);
    expect(stderr).to.include('the workload has no requests of "writes"');
  });

  it('refuses a key that is none, and an engine that does not answer, before anything is written', async () => {
    const key = await cli.run('capacity', 'sale.yaml', '--key', 'sale.yaml', '--json');
    expect(key.code).to.equal(2);
    expect(key.json()).to.have.nested.property('error.code', 'CHAOS_KEY');
    const engine = await cli.run('capacity', 'sale.yaml', '--reports', 'reports');
    expect(engine.code).to.equal(3);
    expect(engine.stderr).to.include('no key: nothing will be signed');
    expect(readdirSync(dir)).not.to.include('reports');
  });

  it('--resume names what is not there', async () => {
    const { code, stderr } = await cli.run('capacity', 'sale.yaml', '--resume', '--reports', 'reports');
    expect(code).to.equal(2);
    expect(stderr).to.include('CHAOS_NO_RUN');
  });

  it('makes a certificate that `verify --against` finds valid, and void when the workload changes', async () => {
    const err = { write: () => undefined, isTTY: false, columns: 100, color: false };
    const world = { ...silentWorld, env: { ...ENV, PATH: process.env['PATH'] }, cwd: dir, root: cli.root, err };
    const read = capacityFileOrExplain(join(dir, 'sale.yaml'), { ...known, reporters: [] }, world);
    // Whoever verifies it has the time of today.
    const system = new MeasuredSystem(Date.now() - 6 * HOUR_MS);
    system.carries = { full: 200, 'without api': 150 };
    const topology = { data: { reset: () => Promise.reject(new Error('nothing is reset here')) } };
    const digests = () => digestsNow(read, { topology } as never, world);
    const { clock } = system;
    const asked = { ...read.asked, workload: ASKED.workload };
    const begun = {
      asked,
      topology: read.topology,
      named: 'sale.yaml',
      digests: await digests(),
      key: KEYS.privateKey,
      clock,
      redact: (text: string) => text,
    };
    using open = beginMeasurement({ run: 'sale', dir: system.dir }, begun);
    await clock.advance(1_000);
    await clock.through(measure(asked, plansOf(asked), open.record, system.parts), 1_000);
    const concluded = concludeRecord(system.dir, open.record.state, system.judgeRun);
    const certified = await certify(system.dir, concluded, open.certificate, { digests, clock });
    expect(certified).to.include({ verdict: 'GO WITH CONDITIONS', signs: 'ratios' });
    put('capacity.pub', KEYS.publicKey.export({ type: 'spki', format: 'pem' }).toString());
    const file = join(system.dir, CERTIFICATE_FILE);
    const verify = async () =>
      (await cli.run('capacity', 'verify', file, '--key', 'capacity.pub', '--against', 'compose.yml', '--json')).json();
    expect(await verify()).to.deep.include({ valid: true, reasons: [] });
    put('read.yaml', WORKLOAD.replace('frequency: 1', 'frequency: 2'));
    expect(await verify()).to.have.nested.property('reasons[0].code', 'CHAOS_CERTIFICATE_VOID');
  });

  it('judge never passes a measurement whose runs have no record', async () => {
    const system = new MeasuredSystem();
    const asked = { ...ASKED, cells: [], targets: { ...ASKED.targets, needs: ASKED.targets.needs.slice(0, 1) } };
    const begun = {
      asked,
      topology: { project: 'chaos' },
      named: 'x',
      digests: DIGESTS,
      key: undefined,
      clock: system.clock,
      redact: (text: string) => text,
    };
    {
      using open = beginMeasurement({ run: 'the-run', dir: system.dir }, begun);
      await system.clock.through(measure(asked, plansOf(asked), open.record, system.parts), 1_000);
    }
    const { code, stderr } = await cli.run('capacity', 'judge', system.dir);
    expect(code).to.equal(4);
    expect(stderr).to.include('INCONCLUSIVE').and.to.include('the record of its run is missing');
    const json = await cli.run('capacity', 'judge', system.dir, '--json');
    expect(json.json()).to.deep.include({ verdict: 'INCONCLUSIVE', knees: [], certificate: null, exit_code: 4 });
  });
});
