import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './chaos.ts';

/** Returns the programs on a page, by the names in their first lines: "// kill.mocha.ts". */
export const blocksOf = (page: string): ReadonlyMap<string, string> =>
  new Map(
    [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```ts\n\/\/ (\S+\.ts)\n([^]*?)^```$/gm)].map(
      ([, name = '', text = '']) => [name, text],
    ),
  );
