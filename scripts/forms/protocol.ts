import type { Form } from './form.ts';

/** The form is sound as it is, for a client that speaks first and a server that answers anything. */
const definition = (name: string): string => `import type { Protocol } from '../core/kinds/protocol.ts';

const ${name}: Protocol = {
  name: '${name}',
  summary: 'Say in one sentence what is asked.',
  // Bytes that a server answers without a login. For a server that speaks first, \`hello\` reads what it says.
  greeting: () => Buffer.from('HELLO\\r\\n'),
  // A whole message, a part of one (undefined), or a refusal: the server is there and serves nobody.
  answer(got) {
    if (!got.includes('\\n')) return undefined;
    return got.toString('latin1').startsWith('BUSY') ? { refused: 'busy' } : 'whole';
  },
};
export default ${name};
`;

const test = (name: string): string => `import { expect } from 'chai';
import { describe, it } from 'mocha';
import { answer } from '../../../harness/control/witness/inside/answer.ts';
import ${name} from '../../../harness/protocols/${name}.ts';
import { askOnce, startSaying } from '../../helpers/doubles/peer.ts';

describe('the protocol ${name}', () => {
  it('tells an answer from a refusal', async () => {
    await using well = await startSaying('WELCOME\\r\\n');
    expect(await askOnce(answer, ${name}, well.port)).to.include({ ok: true });
    await using busy = await startSaying('BUSY\\r\\n');
    expect(await askOnce(answer, ${name}, busy.port)).to.deep.equal({ ok: false, error: 'refused: busy' });
  });
});
`;

/** A protocol that services and links can speak, with its test. */
export const protocol = (name: string): Form => {
  const [file, tested] = [`harness/protocols/${name}.ts`, `test/unit/protocols/${name}.test.ts`];
  return {
    files: { [file]: definition(name), [tested]: test(name) },
    next: [
      `${file}: summary, greeting, answer; echo, again, heldMs and countsBreaks where the server has them (harness/core/kinds/protocol.ts)`,
      `${tested}: what a real server says, and what it says when it serves nobody`,
      "ask a real server four times a second (CONTRIBUTING.md has the command), and read its log: the witness has the consumer's address",
      `npx mocha ${tested} test/contract/protocols.test.ts`,
      'CHANGELOG.md: one line',
    ],
  };
};
