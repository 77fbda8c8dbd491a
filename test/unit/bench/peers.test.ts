import { expect } from 'chai';
import { describe, it } from 'mocha';
import { peersOf } from '../../bench/peers.ts';

describe('the peers of the bench', () => {
  it('are named when they are missing, each with the line that installs it (case C17)', () => {
    const none = peersOf(['wrk', 'vegeta'], () => false);
    expect(none.there).to.deep.equal([]);
    expect(none.note.split('\n')).to.deep.equal([
      'Without wrk, which is not installed: `apt-get install -y --no-install-recommends wrk` installs it.',
      'Without vegeta, which is not installed: `GOBIN=/usr/local/bin go install github.com/tsenart/vegeta/v12@v12.13.0` installs it.',
      '',
    ]);
    const one = peersOf(['wrk', 'vegeta'], (program) => program === 'wrk');
    expect(one.there).to.deep.equal(['wrk']);
    expect(one.note).to.match(/^Without vegeta, .*\n$/);
  });

  it('are measured without a word when they are there', () => {
    expect(peersOf(['wrk', 'vegeta'], () => true)).to.deep.equal({ there: ['wrk', 'vegeta'], note: '' });
  });
});
