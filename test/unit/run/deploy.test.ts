import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { PlannedFault } from '../../../harness/core/plan/plan.ts';
import { eventsOf } from '../../../harness/core/record/history.ts';
import { imageId } from '../../helpers/doubles/topology/images.ts';
import { recorded, type Recording } from '../../helpers/samples/recording.ts';

const deploy = (image: string): PlannedFault => ({
  id: 'deploy-1',
  fault: 'deploy',
  params: { service: 'app', image, healthy_within: 30_000 },
  at: 1_000,
  for: undefined,
});

const hypothesis = (params: object) => ({
  check: 'deploy',
  params: { service: 'app', ends: 'deployed', ...params },
  line: 1,
});

const run = (image: string, params: object): Promise<Recording> =>
  recorded({
    faults: [deploy(image)],
    change: (plan) => ({ ...plan, phases: { ...plan.phases, fault: 60_000 }, hypotheses: [hypothesis(params)] }),
  });

/** Expects that every container has its old image again, and that the audit compared it. */
function expectAsBefore({ topology, events, judged }: Recording): void {
  expect([...topology.wrong]).to.deep.equal([]);
  expect(events.findLast((e) => e.kind === 'residue')).to.deep.include({ residue: [], healthy: true });
  expect(judged.document).to.include({ restored: true });
  expect(judged.document.found).to.deep.equal([]);
}

describe('a deploy in a run', () => {
  it('is recorded step by step, judged by its check, and undone one container after another', async () => {
    const recording = await run('{{image}}-good', { within: 60_000 });
    expect(recording.judged.document.checks.map(({ verdict, observed }) => [verdict, observed])).to.deep.equal([
      ['PASS', 'deployed after 35.0 s, 3 touched: 3 of 3 containers run chaos/app:dev-good'],
    ]);
    const steps = eventsOf(recording, 'deploy.step');
    expect(steps).to.have.lengthOf(18);
    expect(new Set(steps.filter(({ step }) => step === 'gone').map(({ image }) => image))).to.deep.equal(
      new Set([imageId('chaos/app:dev')]),
    );
    const undone = eventsOf(recording, 'undo.done').map(({ step }) => step.do === 'give-image' && step.container.name);
    expect(undone).to.deep.equal(['chaos-app-3', 'chaos-app-2', 'chaos-app-1']);
    expectAsBefore(recording);
  });

  it('is over when a bad image was rolled back, and leaves nothing to be undone twice', async () => {
    const recording = await run('{{image}}-answers-500', { ends: 'rolled_back', touched: 1 });
    expect(recording.judged.document.checks[0]).to.include({ verdict: 'PASS' });
    expect(eventsOf(recording, 'deploy.ended')[0]).to.include({ outcome: 'rolled back', touched: 1 });
    expectAsBefore(recording);
  });

  it('proves nothing when it had not ended with its phase, and is undone where it was', async () => {
    const recording = await recorded({
      faults: [deploy('{{image}}-good')],
      change: (plan) => ({ ...plan, hypotheses: [hypothesis({})], phases: { ...plan.phases, fault: 20_000 } }),
    });
    expect(recording.judged.document.checks[0]).to.include({ verdict: 'INCONCLUSIVE' });
    expect(eventsOf(recording, 'deploy.ended')).to.deep.equal([]);
    expectAsBefore(recording);
  });

  it('is undone when the run is interrupted in its middle', async () => {
    const recording = await recorded({
      faults: [deploy('{{image}}-good')],
      onEvent: (event, interruption) => {
        if (event.kind === 'deploy.step' && event.step === 'gone') interruption.interrupt('SIGINT');
      },
    });
    expect(recording.judged.document).to.include({ verdict: 'INTERRUPTED', exit_code: 130 });
    expectAsBefore(recording);
  });

  it('makes the run NOT READY, and changes nothing, when the engine does not have the image', async () => {
    const recording = await run('{{image}}-missing', {});
    expect(recording.judged.document).to.include({ verdict: 'NOT READY' });
    expect(recording.judged.document.reason).to.include('the engine has no image chaos/app:dev-missing');
    expect(recording.topology.acts).not.to.include('prepareNext');
  });
});
