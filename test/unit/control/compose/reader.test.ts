import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { askCompose, askComposeAhead } from '../../../../harness/control/compose/config.ts';
import { composeReader } from '../../../../harness/control/compose/reader.ts';
import { warningsIn } from '../../../../harness/control/compose/warnings.ts';
import { ROOT } from '../../../helpers/chaos.ts';
import type { ComposeAnswer } from '../../../../harness/core/topology/compose.ts';

const READ: ComposeAnswer = { is: 'read', config: {}, warnings: [] };

/** Makes a reader, and counts how often it asks Compose. */
function setUp(answer = READ) {
  const dir = mkdtempSync(join(tmpdir(), 'reader-'));
  const file = join(dir, 'compose.yml');
  const other = join(dir, '.env');
  writeFileSync(file, 'one');
  let asked = 0;
  const reader = composeReader(() => {
    asked += 1;
    return answer;
  });
  const ask = (env: Readonly<Record<string, string>> = {}, reads: readonly string[] | undefined = [file, other]) => {
    expect(reader.read({ files: [file], env, reads })).to.equal(answer);
    return asked;
  };
  return { file, other, ask };
}

describe('the reader of compose files', () => {
  it('asks Compose once for the same files and environment', () => {
    const { ask } = setUp();
    expect([ask(), ask(), ask({ A: '1', B: '2' }), ask({ B: '2', A: '1' }), ask()]).to.deep.equal([1, 1, 2, 2, 2]);
  });

  it('asks again when one of the files is changed or new', () => {
    const { ask, file, other } = setUp();
    expect(ask()).to.equal(1);
    writeFileSync(file, 'other');
    expect([ask(), ask()]).to.deep.equal([2, 2]);
    writeFileSync(other, 'A=1');
    expect([ask(), ask()]).to.deep.equal([3, 3]);
  });

  it('asks each time while Compose is missing, and when it is not known which files Compose reads', () => {
    const { file, ask } = setUp({ is: 'missing' });
    expect([ask(), ask()]).to.deep.equal([1, 2]);
    const reader = composeReader(() => ({ is: 'read', config: {}, warnings: [] }));
    const question = { files: [file], env: {}, reads: undefined };
    expect(reader.read(question)).not.to.equal(reader.read(question));
  });

  it('keeps what was asked beforehand, all at once, and asks again what has changed since or had no answer', async () => {
    const { file } = setUp();
    const question = (env: Readonly<Record<string, string>>) => ({ files: [file], env, reads: [file] });
    const [said, waiting] = [[] as string[], Promise.withResolvers<void>()];
    const reader = composeReader(
      (_files, env) => {
        said.push(`read ${env['A'] ?? ''}`);
        return READ;
      },
      async (_files, env) => {
        said.push(`ahead ${env['A'] ?? ''}`);
        if (said.length === 3) waiting.resolve();
        // None of them ends before all have begun.
        await waiting.promise;
        return env['A'] === '3' ? undefined : { ...READ, warnings: ['ahead'] };
      },
    );
    await reader.ahead(['1', '2', '1', '3'].map((A) => question({ A })));
    expect(said.splice(0)).to.deep.equal(['ahead 1', 'ahead 2', 'ahead 3']);
    expect(reader.read(question({ A: '1' }))).to.deep.include({ warnings: ['ahead'] });
    reader.read(question({ A: '3' }));
    writeFileSync(file, 'changed');
    reader.read(question({ A: '2' }));
    expect(said).to.deep.equal(['read 3', 'read 2']);
    await reader.ahead([{ files: [file], env: {}, reads: undefined }]);
    expect(said).to.have.length(2);
  });

  it('has the same answer beforehand as afterwards, and none where Compose refuses', async () => {
    const files = [join(ROOT, 'examples', 'web', 'compose.yml')];
    expect(await askComposeAhead(files, {})).to.deep.equal(askCompose(files, {}));
    expect(await askComposeAhead(['/nowhere/compose.yml'], {})).to.equal(undefined);
    expect(await askComposeAhead(files, { PATH: '/nowhere' })).to.equal(undefined);
  });

  it('gives up a Compose that never answers', () => {
    const dir = mkdtempSync(join(tmpdir(), 'path-'));
    writeFileSync(join(dir, 'docker'), "#!/bin/sh\ntrap '' TERM\nwhile :; do /bin/sleep 1; done\n", { mode: 0o755 });
    expect(() => askCompose(['compose.yml'], { PATH: dir }, 200)).to.throw(
      'docker compose config printed no configuration',
    );
  });

  it('separates the warnings of Compose from the reason of its failure', () => {
    const said = [
      'time="2026-11-28T20:50:14Z" level=warning msg="The \\"TAG\\" variable is not set. Defaulting to a blank string."',
      'time="2026-11-28T20:50:15Z" level=warning msg="The \\"TAG\\" variable is not set. Defaulting to a blank string."',
      'WARN[0000] /x/compose.yml: `version` is obsolete ',
      'decoding failed due to the following error(s):',
      '',
      "error decoding 'services[app].mem_limit': invalid size: 'lots'",
      '',
    ].join('\n');
    expect(warningsIn(said)).to.deep.equal({
      warnings: [
        'The "TAG" variable is not set. Defaulting to a blank string.',
        '/x/compose.yml: `version` is obsolete',
      ],
      rest: "decoding failed due to the following error(s):\n\nerror decoding 'services[app].mem_limit': invalid size: 'lots'",
    });
  });
});
