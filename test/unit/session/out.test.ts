import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { systemClock } from '../../../harness/core/clock.ts';
import type { Plan } from '../../../harness/core/plan/plan.ts';
import type { RunDocument } from '../../../harness/core/record/run.ts';
import type { TopologySpec } from '../../../harness/core/topology/spec.ts';
import { outOf } from '../../../harness/out/out.ts';
import { readEvents } from '../../../harness/record/event-log.ts';
import { openSession } from '../../../harness/session/open-session.ts';
import { Receiver } from '../../helpers/doubles/receiver.ts';
import { MemoryTopology } from '../../helpers/doubles/topology.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';
import { partsOf, serveEntry, SHORT } from '../../helpers/samples/session.ts';

/** Only guards against a hang: a run in memory takes about a second. */
const HANG_MS = 20_000;

describe('a session that tells others about its runs', function () {
  this.timeout(HANG_MS);
  let spec: TopologySpec;
  let plan: Plan;
  let receiver: Receiver;
  serveEntry((served) => {
    spec = served;
    plan = { ...SHORT, topology: served };
  });
  beforeEach(async () => void (receiver = await Receiver.open()));
  afterEach(() => receiver[Symbol.asyncDispose]());

  interface Ran {
    readonly document: RunDocument;
    readonly said: readonly string[];
    readonly file: string;
  }

  async function run(answers: Receiver['answers'] = [], tellsNobody = false): Promise<Ran> {
    const said: string[] = [];
    const folder = temporaryFolder();
    const env = { CHAOS_WEBHOOK_URL: `${receiver.url}/planted-kiwi7Zq`, CHAOS_METRICS_DIR: folder };
    receiver.answers = answers;
    const out = outOf(env, systemClock, { tryMs: 200, pauseMs: 10 });
    const parts = partsOf(new MemoryTopology(), spec, { env, out, say: (line) => said.push(line) });
    await using session = await openSession(spec, parts, { tellsNobody });
    const document = await session.run(plan);
    const metrics = join(folder, `chaos-${spec.project}.prom`);
    return { document, said, file: existsSync(metrics) ? readFileSync(metrics, 'utf8') : '' };
  }

  it('tells of the start and the verdict, and writes down that it did', async () => {
    const { document, file } = await run();
    // On a busy machine an answer may come after the two seconds of a try. Then the receiver is told once more.
    const news = receiver.received.map(({ body }) => (body as { news: string }).news);
    expect([...new Set(news)]).to.deep.equal(['started', 'verdict']);
    expect(document.told?.map(({ tries: _tries, ...told }) => told)).to.deep.equal([
      { news: 'started', to: 'webhook', delivered: true },
      { news: 'verdict', to: 'webhook', delivered: true },
    ]);
    const written = JSON.parse(readFileSync(join(document.dir, 'run.json'), 'utf8')) as RunDocument;
    expect(written.told).to.deep.equal(document.told);
    expect(file)
      .to.include(`verdict="${document.verdict}"} 1`)
      .and.to.match(/chaos_fault_active\{.*fault="kill-1".*\} 0/);
  });

  it('tells nobody when its runs are hidden from people', async () => {
    const { document, file } = await run([], true);
    expect([receiver.received, document.told ?? [], file]).to.deep.equal([[], [], '']);
  });

  it('has the same verdict when the receiver hangs, answers 500, or is not there, and says so in the record', async () => {
    const { document: sound } = await run();
    const verdicts: string[] = [];
    for (const answers of [['hang', 'hang', 'hang', 'hang'], [500, 500, 500, 500], 'gone'] as const) {
      if (answers === 'gone') await receiver.close();
      const { document, said } = await run(answers === 'gone' ? [] : [...answers]);
      verdicts.push(document.verdict);
      expect(document.exit_code).to.equal(sound.exit_code);
      expect(document.told?.map(({ delivered }) => delivered)).to.deep.equal([false, false]);
      expect(said.filter((line) => line.includes('was not delivered'))).to.have.length(2);
      const notes = readEvents(document.dir).flatMap((event) => (event.kind === 'note' ? event.message : []));
      expect(notes.filter((note) => note.startsWith('webhook: "started" was not delivered'))).to.have.length(1);
      const files = ['events.ndjson', 'run.json'].map((name) => readFileSync(join(document.dir, name), 'utf8'));
      expect([...files, ...said].join('\n'), 'the address is a secret').not.to.include('planted-kiwi7Zq');
    }
    expect(new Set([...verdicts, sound.verdict]).size).to.equal(1);
  });
});
