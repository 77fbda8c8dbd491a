import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TopologySpec } from '../../../../harness/core/topology/spec.ts';
import { compose } from '../../../../harness/main.ts';
import { topologyOf, type TopologyRead } from '../../../../harness/plan/topology/topology.ts';
import { ROOT } from '../../../helpers/chaos.ts';

const FIXTURES = join(ROOT, 'test', 'fixtures', 'compose');
export const fixture = (name: string): string => join(FIXTURES, name);

type Env = Readonly<Record<string, string>>;

export const read = (files: readonly string[], env: Env = {}): TopologyRead => topologyOf({ files, env, compose });

/** The topology of these fixtures together with described.yml, the `x-chaos` block. Throws with every mistake. */
export function topology(names: readonly string[], env: Env = {}): TopologySpec {
  return sound(read([...names, 'described.yml'].map(fixture), env));
}

export function sound({ topology: spec, problems, warnings }: TopologyRead): TopologySpec {
  if (spec === undefined) throw new Error(JSON.stringify([problems, warnings]));
  return spec;
}

/** Writes these files (name to text) into a new folder. Returns the path of the first file. */
export function folderOf(texts: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'compose-'));
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return join(dir, Object.keys(texts)[0] ?? '');
}

/** A sound `x-chaos` block. `more` adds keys, or replaces values. */
export const block = (more: Readonly<Record<string, unknown>> = {}): string => {
  const keys = {
    entry: 'http://127.0.0.1:1',
    ready: '/health',
    toxiproxy: 'http://127.0.0.1:2',
    database: 'postgres://127.0.0.1:3/x',
    redis: 'redis://127.0.0.1:4',
    reset: 'select 1',
    probe_image: 'x',
    ...more,
  };
  const lines = Object.entries(keys).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`);
  return `x-chaos:\n${lines.join('')}`;
};
