import { expect } from 'chai';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { printPdf } from '../../../../harness/modes/capacity/pdf.ts';
import { temporaryFolder } from '../../../helpers/samples/folder.ts';

/** A program that writes its arguments where a Chromium would write the PDF, and ends with a code. */
function standIn(name: string, code = 0): { readonly folder: string; readonly file: string } {
  const folder = temporaryFolder();
  const file = join(folder, name);
  const write = code === 0 ? 'for a in "$@"; do case $a in --print-to-pdf=*) echo "$@" > "${a#*=}";; esac; done' : '';
  writeFileSync(file, `#!/bin/sh\n${write}\nexit ${code}\n`);
  chmodSync(file, 0o755);
  return { folder, file };
}

describe('the PDF of a page', () => {
  it('is printed by a Chromium', async () => {
    const { folder, file } = standIn('chromium');
    const pdf = join(folder, 'page.pdf');
    expect(await printPdf(join(folder, 'a page.html'), pdf, file)).to.equal(undefined);
    expect(readFileSync(pdf, 'utf8'))
      .to.include('--headless')
      .and.to.match(/file:\/\/\/.*a%20page\.html/);
  });

  it('is missing for a reason', async () => {
    const pdf = join(temporaryFolder(), 'x.pdf');
    expect(await printPdf('/x.html', pdf, undefined)).to.equal('this machine has no Chromium');
    expect(await printPdf('/x.html', pdf, standIn('chromium', 3).file)).to.include('printed no PDF');
    expect(await printPdf('/x.html', pdf, '/nowhere/chromium')).to.include('printed no PDF');
    expect(existsSync(pdf)).to.equal(false);
  });
});
