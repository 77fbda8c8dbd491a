import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { candidates, isMeant } from '../../../../harness/core/topology/aim.ts';
import { BASE } from '../../../../harness/setup/base-images.ts';
import { ROOT } from '../../../helpers/chaos.ts';
import { block, fixture, folderOf, read, sound, topology } from './read.ts';

const SHIPPED = join(ROOT, 'docker-compose.chaos.yml');
const GIB = 1_073_741_824;

describe('a topology that Compose has read', function () {
  // This only guards against a hang: Compose takes tenths of a second.
  this.timeout(20_000);

  it('has the services of the files that it includes', () => {
    const { services, project } = topology(['include.yml']);
    expect(Object.keys(services)).to.have.members(['web', 'store']);
    expect(project, 'the name of the folder').to.equal('compose');
  });

  it('has the values that a service extends from another file, with their units', () => {
    const { api, cache } = topology(['extends.yml']).services;
    expect(api).to.deep.include({ replicas: 2, limits: { cpus: undefined, memoryBytes: 1.5 * GIB } });
    expect(cache).to.deep.include({ replicas: 1, limits: { cpus: undefined, memoryBytes: undefined } });
  });

  for (const files of [['networks.yml'], ['networks.yml', 'override.yml']]) {
    it(`keeps the names that its files give to the project and to a container: ${files.join(' and ')}`, () => {
      const spec = topology(files);
      expect(spec.project).to.equal('myshop');
      expect(Object.keys(spec.services)).to.have.members(['front', 'api', 'db', 'queue', 'migrate', 'metrics']);
      expect(candidates(spec, { service: 'api' })).to.deep.equal(['shop_api']);
      expect(candidates(spec, { service: 'db' })).to.deep.equal(['myshop-db-1']);
      expect(isMeant(spec, 'api', 'shop_api')).to.equal(true);
      expect(isMeant(spec, 'api', 'myshop-api-1')).to.equal(false);
    });
  }

  it('lacks a key that a later file removes with !reset', () => {
    const base = folderOf({
      'compose.yml': `${block()}services: { app: { image: a, deploy: { replicas: 4 }, mem_limit: 1g } }\n`,
      'over.yml': 'services: { app: { deploy: !reset null, mem_limit: 0.5g } }\n',
    });
    const over = join(base, '..', 'over.yml');
    expect(sound(read([base])).services['app']).to.deep.include({ replicas: 4 });
    expect(sound(read([base, over])).services['app']).to.deep.include({
      replicas: 1,
      limits: { cpus: undefined, memoryBytes: GIB / 2 },
    });
  });

  it('has the variables and profiles of an environment file', () => {
    const spec = topology(['profiles.yml'], { COMPOSE_ENV_FILES: fixture('profiles.env') });
    expect(spec.probeImage).to.equal('local/v7#x');
    expect(Object.keys(spec.services)).to.have.members(['app', 'store', 'debug']);
    expect(Object.keys(topology(['profiles.yml'], { TAG: 'x' }).services)).to.have.members(['app', 'store']);
  });

  it('is refused without a required variable, and the only problem names that variable', () => {
    const { topology: spec, problems, warnings } = read(['profiles.yml', 'described.yml'].map(fixture));
    expect(spec).to.equal(undefined);
    expect(warnings).to.deep.equal([]);
    expect(problems).to.have.lengthOf(1);
    expect(problems[0]).to.include({ file: fixture('profiles.yml'), line: 2, code: 'CHAOS_COMPOSE_FILE' });
    expect(problems[0]?.message).to.include('TAG');
    expect(problems[0]?.hint).to.match(/^Set TAG /);
  });

  it('uses .env beside the first file as Compose does, with its signs, variables and quotes (case C5)', () => {
    const file = folderOf({
      'compose.yml': `${block({ reset: '${V}|${W}|${X}' })}services: { app: { image: a } }\n`,
      '.env': 'N=7\nV=a#b\nW=a${N}b\nX="q\\"x"\n',
    });
    expect(sound(read([file])).resetSql).to.equal('a#b|a7b|q"x');
    expect(sound(read([file], { V: 'stronger' })).resetSql).to.equal('stronger|a7b|q"x');
  });

  it('has every value of .env as `docker compose config` prints it (case C5)', () => {
    const values = [
      'a#b',
      'a #b',
      '"a #b"',
      "'a #b'",
      'a${N}b',
      "'a${N}b'",
      '"a${N}b"',
      '${N:-x}',
      '${NONE:-x}',
      '$N',
      '\\$N',
      '"q\\"x"',
      "'q\\'x'",
      '"a\\nb"',
      "'a\\nb'",
      'a=b',
      ' a ',
      '"a"',
      'a"b',
      "a'b",
      '$$N',
      '1.10',
      'true',
      '',
    ];
    const names = values.map((_, i) => `V${i}`);
    const used = names.map((name) => `\${${name}}`).join('|');
    const file = folderOf({
      'compose.yml': `${block({ reset: used })}services: { app: { image: a, environment: { ALL: '${used}' } } }\n`,
      '.env': `N=7\n${values.map((value, i) => `V${i}=${value}`).join('\n')}\n`,
    });
    const { stdout } = spawnSync('docker', ['compose', '-f', file, 'config', '--format', 'json'], { encoding: 'utf8' });
    const { services } = JSON.parse(stdout) as { services: { app: { environment: { ALL: string } } } };
    expect(sound(read([file])).resetSql).to.equal(services.app.environment.ALL.replaceAll('$$', () => '$'));
    expect(services.app.environment.ALL).to.include('a#b|a|a #b|');
  });

  it('has an entry with a path, and never one with a query, which the load would lose (case C8)', () => {
    const at = (entry: string) =>
      read([folderOf({ 'compose.yml': `${block({ entry })}services: { app: { image: a } }\n` })]);
    expect(sound(at('http://127.0.0.1:1/pre')).entry).to.equal('http://127.0.0.1:1/pre');
    for (const entry of ['http://127.0.0.1:1/pre?x=1', 'http://127.0.0.1:1/#x']) {
      const [problem, ...more] = at(entry).problems;
      expect(more).to.deep.equal([]);
      expect(problem, entry).to.include({ code: 'CHAOS_WRONG_VALUE', line: 2 });
      expect(problem?.hint).to.match(/^Write the address without a query/);
    }
  });

  it('keeps an escaped dollar sign, and a password as it is', () => {
    const file = folderOf({
      'compose.yml': `${block({ database: 'postgres://u:${PW}@127.0.0.1:3/x', reset: 'select $$1 + $$$$2' })}services: { app: { image: a } }\n`,
    });
    const { database, resetSql } = sound(read([file], { PW: 'a$$b$c' }));
    expect(database).to.equal('postgres://u:a$$b$c@127.0.0.1:3/x');
    expect(resetSql).to.equal('select $1 + $$2');
  });

  it('has the project name that Compose gives it, or is refused with the reason of Compose (case C10)', () => {
    expect(sound(read([SHIPPED], { CHAOS_PROJECT: 'MyProj' })).project).to.equal('myproj');
    expect(sound(read([SHIPPED], { COMPOSE_PROJECT_NAME: 'mine' })).project).to.equal('mine');
    const { problems } = read([SHIPPED], { COMPOSE_PROJECT_NAME: 'MyProj' });
    expect(problems.map(({ code, file }) => [code, file])).to.deep.equal([['CHAOS_COMPOSE_FILE', SHIPPED]]);
    expect(problems[0]?.message).to.include('invalid project name "MyProj"');
  });

  for (const name of ['MyProj', 'my.proj', '_My Proj', '0-x_Y', 'ÄB', 'a/b', '---', '']) {
    it(`has the name that \`docker compose config\` makes of it, or none: "${name}" (case C10)`, () => {
      const file = folderOf({ 'compose.yml': `name: \${P}\n${block()}services: { app: { image: a } }\n` });
      const env = { ...process.env, P: name };
      const asked = spawnSync('docker', ['compose', '-f', file, 'config', '--format', 'json'], {
        encoding: 'utf8',
        env,
      });
      const known = asked.status === 0 ? (JSON.parse(asked.stdout) as { name: string }).name : undefined;
      const { topology: spec, problems } = read([file], { P: name });
      expect(spec?.project).to.equal(known);
      if (known === undefined) expect(problems.map(({ code }) => code)).to.deep.equal(['CHAOS_COMPOSE_FILE']);
    });
  }

  it('has the values of the shipped compose file', () => {
    const shipped = sound(read([SHIPPED], { CHAOS_APP_REPLICAS: '5', CHAOS_DB_PASSWORD: 'pw' }));
    const { services, links, database } = shipped;
    expect(shipped.roles).to.deep.equal({ postgres: 'patroni' });
    expect(shipped.probeImage).to.equal(BASE.node.tag);
    expect(services['app']).to.deep.include({
      replicas: 5,
      port: 3_000,
      protocol: 'http',
      consumer: 'balancer',
      limits: { cpus: 1, memoryBytes: GIB / 4 },
    });
    expect(services['postgres-a']).to.deep.include({
      group: 'postgres',
      limits: { cpus: undefined, memoryBytes: GIB },
    });
    expect(services).not.to.have.property('tools');
    expect(Object.keys(links)).to.have.lengthOf(7);
    expect(database).to.equal('postgres://wedsync:pw@127.0.0.1:15432/wedsync');
  });

  it('leaves out what the block says of services whose profile is off', () => {
    const link = (from: string, to: string) => ({ from, to, proxy: 'p', listen: 'toxiproxy:1' });
    const file = folderOf({
      'compose.yml': `${block({
        metrics: ['app', 'debug'],
        groups: { both: ['app', 'debug'] },
        services: { app: { port: 80, consumer: 'debug' }, debug: { port: 81 } },
        links: { 'debug-to-app': link('debug', 'app'), 'app-to-both': link('app', 'both') },
      })}services: { app: { image: a }, debug: { image: d, profiles: [debug] } }\n`,
    });
    const off = sound(read([file]));
    expect(Object.keys(off.services)).to.deep.equal(['app']);
    expect(off.services['app']).to.include({ port: 80, consumer: undefined });
    expect(off).to.deep.include({ metrics: ['app'], groups: { both: ['app'] }, roles: { both: 'postgres' } });
    expect(Object.keys(off.links)).to.deep.equal(['app-to-both']);
    const on = sound(read([file], { COMPOSE_PROFILES: 'debug' }));
    expect(on).to.deep.include({ metrics: ['app', 'debug'], groups: { both: ['app', 'debug'] } });
    expect(Object.keys(on.links)).to.have.members(['debug-to-app', 'app-to-both']);
    expect(on.services['app']?.consumer).to.equal('debug');
  });

  it('may come from several YAML documents in one file, as Compose allows', () => {
    const file = folderOf({
      'compose.yml': `${block()}services: { a: { image: a } }\n---\nservices: { b: { image: b } }\n`,
    });
    expect(Object.keys(sound(read([file])).services)).to.have.members(['a', 'b']);
  });

  it('is read again when any of its files has changed', () => {
    const file = folderOf({
      'compose.yml': `${block({ reset: '${V:-old}' })}include: [sub/more.yml]\nservices: { a: { image: a } }\n`,
      'sub/more.yml': 'services: { b: { image: b } }\n',
    });
    expect(Object.keys(sound(read([file])).services)).to.have.members(['a', 'b']);
    appendFileSync(join(file, '..', 'sub', 'more.yml'), 'volumes: { v: {} }\n');
    appendFileSync(join(file, '..', '.env'), 'V=new\n');
    expect(sound(read([file])).resetSql).to.equal('new');
  });
});
