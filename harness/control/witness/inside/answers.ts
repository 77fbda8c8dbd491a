// Runs in a helper, in a consumer's network namespace or on a network of the service. Asks each question again and
// again, and prints a line of JSON for each answer. Ends when its input closes, so it cannot outlive the harness.
import { lookup } from 'node:dns/promises';
import { extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Protocol } from '../../../core/kinds/protocol.ts';
import type { Question } from '../../../core/topology/witness.ts';
import { answer } from './answer.ts';
import { type Asked, failed, type Result } from './asked.ts';
import { certificate } from './certificate.ts';
import { close } from './close.ts';
import { consumersTo } from './consumer.ts';
import { patiently } from './converse.ts';
import { echo } from './echo.ts';
import { held, part } from './held.ts';

const ASK = { answer, echo, close, held, certificate };
/** Milliseconds that conversations get to end when the witness itself ends. */
const PARTING_MS = 300;
const now = (): number => performance.timeOrigin + performance.now();

async function ask(asked: Asked): Promise<void> {
  const { question } = asked;
  const t = now();
  let seen: Result = { established: 0 };
  try {
    const { address } = await lookup(question.host, { family: 4 });
    seen = consumersTo(address, question.port);
    const result = await patiently(asked, () => ASK[question.kind ?? 'answer'](asked, address));
    seen = { ...seen, ...result };
  } catch (error) {
    seen = { ...seen, ...failed((error as NodeJS.ErrnoException).code ?? 'error') };
  }
  process.stdout.write(`${JSON.stringify({ id: question.id, t, ...seen })}\n`);
}

const ending = new AbortController();
async function askOnAndOn(asked: Asked): Promise<void> {
  while (!ending.signal.aborted) {
    const began = performance.now();
    await ask(asked);
    await sleep(Math.max(0, asked.question.everyMs - (performance.now() - began)));
  }
}

async function begin(question: Question): Promise<Asked> {
  const file = `../../../protocols/${question.protocol}${extname(import.meta.url)}`;
  const { default: protocol } = (await import(file)) as { readonly default: Protocol };
  return { question, protocol, pending: undefined, line: undefined };
}

const questions = JSON.parse(process.env['QUESTIONS'] ?? '[]') as readonly Question[];
const all = await Promise.all(questions.map(begin));
for (const asked of all) void askOnAndOn(asked);

process.stdin.on('end', () => {
  ending.abort();
  setTimeout(() => process.exit(0), PARTING_MS);
  const ends = all.map((asked) => Promise.all([asked.pending, asked.line && part(asked, asked.line)]));
  void Promise.all(ends).then(() => process.exit(0));
});
process.stdin.resume();
