import { expect } from 'chai';
import { describe, it } from 'mocha';
import { statementsOfJobs, statementsOfRequests } from '../../../helpers/wedsync/statements.ts';

describe('the prepared statements of the app', () => {
  it('have one name for each text: a server keeps a statement by its name', async () => {
    const sent = [...(await statementsOfRequests(1)), ...(await statementsOfRequests(2)), ...(await statementsOfJobs(1))];
    expect(sent.length).to.be.greaterThan(20);
    const texts = new Map(sent.map(({ name, text }) => [name, text]));
    for (const { by, name, text } of sent) expect(text, by).to.equal(texts.get(name));
    expect(new Set(texts.values()).size).to.equal(texts.size);
  });
});
