import { openSession, readPlan, type Subscriber } from '../../index.ts';

// A program of a user of the library: it opens one session and runs the named experiments in it, one after another. It
// prints a line of JSON for each fault that comes into force and for each run that ends.
const [overrides = '[]', ...experiments] = process.argv.slice(2);
const tell = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const plans = await Promise.all(experiments.map((file) => readPlan(file, JSON.parse(overrides) as string[])));
const [first] = plans;
if (first === undefined) throw new Error('name at least one experiment');
await using session = await openSession(first.topology, { keep: true });
for (const [i, plan] of plans.entries()) {
  const onEvent: Subscriber['onEvent'] = (event) => {
    if (event.kind === 'fault.injected') tell({ run: i + 1, in_force: event.id });
  };
  const document = await session.run(plan, { subscribers: [{ onEvent, close: () => undefined }] });
  tell({ run: i + 1, document });
}
