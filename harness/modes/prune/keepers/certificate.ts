import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CAPACITY_FILE } from '../../../record/folders.ts';
import type { Keeper } from '../keeper.ts';
import type { Recorded } from '../recorded.ts';

/** Keeps every measurement that has a certificate: without its evidence nobody can check the certificate, also an expired one. */
export const certificate: Keeper = () => (recorded) =>
  recorded.kind === 'capacity' && isCertified(recorded) ? 'is what its certificate rests on' : undefined;

function isCertified({ dir }: Recorded): boolean {
  try {
    const { certificate: file } = JSON.parse(readFileSync(join(dir, CAPACITY_FILE), 'utf8')) as {
      certificate?: unknown;
    };
    return typeof file === 'string';
  } catch {
    return false;
  }
}
