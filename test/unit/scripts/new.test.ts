import { expect } from 'chai';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, it } from 'mocha';
import { write } from '../../../scripts/new.ts';
import { ROOT } from '../../helpers/chaos.ts';
import { askOnce, startSaying } from '../../helpers/doubles/peer.ts';
import { SMALL_PLAN } from '../../helpers/samples/history.ts';
import { answer } from '../../../harness/control/witness/inside/answer.ts';
import type { Protocol } from '../../../harness/core/kinds/protocol.ts';
import type { Series } from '../../../harness/core/kinds/series.ts';
import { limitedSeries } from '../../../harness/kit/series/params.ts';

const filesOf = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));

const empty = (): string => mkdtempSync(join(tmpdir(), 'new-'));

describe('npm run new', () => {
  it('writes a series and its test, and tells what to do next', () => {
    const root = empty();
    const { code, text } = write(root, ['series', 'open_files']);
    expect(code).to.equal(0);
    expect(filesOf(root)).to.have.members(['harness/series/open_files.ts', 'test/unit/series/open_files.test.ts']);
    expect(readFileSync(join(root, 'harness/series/open_files.ts'), 'utf8')).to.include("const NAME = 'open_files';");
    expect(text).to.match(
      /^wrote harness\/series\/open_files\.ts\nwrote test.+\nnext:\n1\. .+\n2\. .+\n3\. npm run generate/,
    );
  });

  it('writes a series that is sound as it is: its example is accepted, and it reads what a probe records', async () => {
    const root = empty();
    write(root, ['series', 'open_files']);
    const text = readFileSync(join(root, 'harness/series/open_files.ts'), 'utf8');
    const moved = join(root, 'open_files.ts');
    writeFileSync(moved, text.replaceAll("'../", `'${ROOT}/harness/`));
    const { default: made } = (await import(pathToFileURL(moved).href)) as { default: Series };
    expect(made.name).to.equal('open_files');
    const params = limitedSeries([made], {});
    expect(params.safeParse({ name: made.name, ...made.example }).error?.issues).to.equal(undefined);
    const labels = { container: 'chaos-app-1' };
    const reading = { kind: 'reading', t: 1, source: 'x', name: made.name, labels, value: 7, unit: 'count' } as const;
    expect(made.read(made.example.of, SMALL_PLAN.topology)(reading)).to.deep.equal([{ labels, value: 7 }]);
  });

  it('writes a protocol that is sound as it is, and needs nothing of the harness to run', async () => {
    const root = empty();
    expect(write(root, ['protocol', 'memcached'])).to.include({ code: 0 });
    expect(filesOf(root)).to.have.members(['harness/protocols/memcached.ts', 'test/unit/protocols/memcached.test.ts']);
    writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
    const file = pathToFileURL(join(root, 'harness/protocols/memcached.ts')).href;
    const { default: made } = (await import(file)) as { default: Protocol };
    await using well = await startSaying('WELCOME\r\n');
    expect(await askOnce(answer, made, well.port)).to.include({ ok: true });
    await using busy = await startSaying('BUSY\r\n');
    expect(await askOnce(answer, made, busy.port)).to.deep.equal({ ok: false, error: 'refused: busy' });
  });

  it('refuses a name that exists, and leaves the file as it is', () => {
    const root = empty();
    write(root, ['series', 'open_files']);
    const before = readFileSync(join(root, 'harness/series/open_files.ts'), 'utf8');
    expect(write(root, ['series', 'open_files'])).to.deep.equal({
      code: 2,
      text: 'harness/series/open_files.ts exists: choose another name\n',
    });
    expect(readFileSync(join(root, 'harness/series/open_files.ts'), 'utf8')).to.equal(before);
  });

  it('refuses what is no name, and a kind without a form, and writes nothing', () => {
    const root = empty();
    for (const name of ['', 'Open', 'open-files', '../x', 'a__b', '1st', 'index.ts'])
      expect(write(root, ['series', name]), name).to.include({ code: 2 });
    expect(write(root, ['verdict', 'x']).text).to.equal('usage: npm run new -- protocol|series NAME\n');
    expect(write(root, ['series', 'a', 'b']).code).to.equal(2);
    expect(write(root, ['toString', 'a']).code).to.equal(2);
    expect(existsSync(join(root, 'harness'))).to.equal(false);
  });
});
