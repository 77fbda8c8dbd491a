import { expect } from 'chai';
import { describe, it } from 'mocha';
import { withParts } from '../../helpers/parts.ts';

const NAMES = ['cost', 'ceiling', 'memory'];
const page = (block: string): string => `# A\n\n<!-- bench -->\n${block}<!-- /bench -->\n\n## B\n`;

describe('the measured parts of a page', () => {
  it('are put between their markers, in order', () => {
    const text = withParts(
      page(''),
      'bench',
      NAMES,
      new Map([
        ['ceiling', 'high $& ground\n'],
        ['cost', 'low\n'],
      ]),
    );
    expect(text).to.equal(page('\n<!-- bench:cost -->\n\nlow\n\n<!-- bench:ceiling -->\n\nhigh $& ground\n\n'));
  });

  it('stay as they are when they were not measured', () => {
    const before = withParts(
      page(''),
      'bench',
      NAMES,
      new Map([
        ['cost', 'low'],
        ['memory', 'flat'],
      ]),
    );
    const after = withParts(before, 'bench', NAMES, new Map([['cost', 'lower']]));
    expect(after).to.equal(before.replace('low', 'lower'));
  });

  it('cannot be put into a page without the markers', () => {
    expect(() => withParts('# A\n', 'bench', NAMES, new Map())).to.throw('<!-- bench -->');
  });
});
