import { expect } from 'chai';
import { describe, it } from 'mocha';
import { visible, visibleInColour, visibleJson } from '../../../../harness/core/text/visible.ts';

describe('control characters (case C13)', () => {
  it('are shown as pictures, and line ends and tabs stay', () => {
    expect(visible('a\u001b[2Jb\u0007\u0000\r\n\tc\u007f')).to.equal('a␛[2Jb␇␀\r\n\tc␡');
    expect(visible('good\rbad\r\r\n')).to.equal('good␍bad␍\r\n');
    expect(visible('\u009b31m \u202e \u2028 é 日本 🙂')).to.equal('�31m � � é 日本 🙂');
  });

  it('keep our own colours and the clearing of a line on a terminal, and no other sequence', () => {
    const ours = '\r\u001b[2K\u001b[31mred\u001b[39m';
    expect(visibleInColour(ours)).to.equal(ours);
    expect(visibleInColour(`${ours}\u001b]0;title\u0007\u001b[2J\u001b[1A`)).to.equal(`${ours}␛]0;title␇␛[2J␛[1A`);
  });

  it('are escapes in JSON, whose value stays the same', () => {
    const value = { title: 'x\u001b\u007f\u009b\u202e"\\\n' };
    const json = visibleJson(JSON.stringify(value, null, 2));
    expect(json).to.match(/^[\n\x20-\x7e]*$/);
    expect(JSON.parse(json)).to.deep.equal(value);
  });
});
