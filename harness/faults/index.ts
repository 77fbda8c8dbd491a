import { readdirSync } from 'node:fs';
import { ChaosError } from '../core/errors.ts';
import type { Fault } from '../core/fault.ts';

/** Every fault in this folder, by name: a new one is a new file here and nothing else. */
async function discover(): Promise<readonly Fault[]> {
  const files = readdirSync(new URL('.', import.meta.url)).filter((f) => f.endsWith('.ts') && f !== 'index.ts');
  const found: Fault[] = [];
  for (const file of files.sort()) {
    const { default: fault } = (await import(`./${file}`)) as { default: Fault };
    if (`${fault.name}.ts` !== file) {
      throw new ChaosError('CHAOS_FAULT_NAME', {
        what: `harness/faults/${file} defines a fault named "${fault.name}"`,
        hint: 'A fault has the name of its file: rename one of them.',
        exit: 'error',
      });
    }
    found.push(fault);
  }
  return found;
}

export const faults: readonly Fault[] = await discover();
