import { describe, it } from 'mocha';
import { join } from 'node:path';
import { runExperiment, type Subscriber } from '../../../index.ts';
import { ROOT } from '../chaos.ts';

// Twelve lines of a user's mocha, on the tests' topology. It says when the fault is in force.
const set = ['warmup=1s', 'baseline=4s', 'fault=8s', 'recovery=2s'].map((value) => `phases.${value}`);
const onEvent: Subscriber['onEvent'] = (event) => {
  if (event.kind === 'fault.injected') process.stdout.write('in force\n');
};

describe('the application', function () {
  this.timeout('10m');

  it('survives the loss of a replica', async () => {
    const options = { set: [...set, 'load.rate=60/s'], keep: true, subscribers: [{ onEvent, close: () => undefined }] };
    await runExperiment(join(ROOT, 'experiments', 'app-replica-kill.yaml'), options);
  });
});
