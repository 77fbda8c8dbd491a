import { expect } from 'chai';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { tokenIn } from '../../../../harness/modes/serving/token.ts';
import { temporaryFolder } from '../../../helpers/samples/folder.ts';

describe('the token of the live page', () => {
  it('is made once for a user, who alone can read it', () => {
    const state = join(temporaryFolder(), 'state');
    const token = tokenIn(state);
    expect(token).to.match(/^[\w-]{32}$/);
    expect(tokenIn(state)).to.equal(token);
    expect(tokenIn(join(temporaryFolder(), 'state'))).not.to.equal(token);
    expect(readdirSync(state)).to.deep.equal(['watch-token']);
    expect(statSync(join(state, 'watch-token')).mode & 0o777).to.equal(0o600);
  });
});
