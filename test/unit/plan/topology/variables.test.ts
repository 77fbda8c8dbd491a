import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { variablesOf } from '../../../../harness/plan/topology/variables.ts';

describe('the environment variables that a topology uses', () => {
  it('are those that its files name, those that they hand on without a "$", and those of Compose and the harness', () => {
    const dir = mkdtempSync(join(tmpdir(), 'variables-'));
    const file = join(dir, 'compose.yml');
    writeFileSync(
      file,
      'include: [more.yml]\nservices: { a: { image: "a:${TAG:-${OTHER}}", environment: [TOKEN] } }\n',
    );
    writeFileSync(join(dir, 'more.yml'), 'services: { b: { image: $IN_MORE } }\n');
    writeFileSync(join(dir, '.env'), 'TAG=${FROM_ENV_FILE}\n');
    const env = {
      TAG: '1',
      OTHER: '2',
      TOKEN: '3',
      IN_MORE: '4',
      FROM_ENV_FILE: '5',
      CHAOS_PROJECT: '6',
      COMPOSE_PROFILES: '7',
      AWS_SECRET: 'not this one',
      PATH: '/bin',
    };
    const { AWS_SECRET: _secret, PATH: _path, ...used } = env;
    expect(variablesOf([file], env)).to.deep.equal(used);
  });
});
