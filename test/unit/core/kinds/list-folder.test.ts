import { expect } from 'chai';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { pathToFileURL } from 'node:url';
import { listFolder } from '../../../../harness/core/kinds/list-folder.ts';

/** Makes a folder with these files, and returns its URL. */
function folderOf(files: Readonly<Record<string, string>>): URL {
  const dir = join(mkdtempSync(join(tmpdir(), 'kinds-')), 'faults');
  mkdirSync(join(dir, 'parts'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return pathToFileURL(`${dir}/`);
}

const thing = (name: string): string => `export default { name: '${name}' };\n`;

describe('listFolder', () => {
  it('returns the things of a folder by the names of their files, without index.ts and the folders in it', async () => {
    const folder = folderOf({ 'b.ts': thing('b'), 'a.ts': thing('a'), 'index.ts': '', 'parts/c.ts': thing('c') });
    expect(await listFolder(folder)).to.deep.equal([{ name: 'a' }, { name: 'b' }]);
  });

  for (const [what, text, said] of [
    ['another name than its file', thing('b'), 'harness/faults/a.ts defines "b"'],
    ['no default export', 'export const a = 1;\n', 'harness/faults/a.ts has no default export'],
  ] as const) {
    it(`refuses a file whose thing has ${what}`, async () => {
      const error: unknown = await listFolder(folderOf({ 'a.ts': text })).catch((e: unknown) => e);
      expect(error).to.include({ code: 'CHAOS_KIND_NAME', message: said });
    });
  }
});
