import { expect } from 'chai';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { CapacityAsked } from '../../../../harness/core/capacity/asked.ts';
import type { CapacityEvent } from '../../../../harness/core/capacity/events.ts';
import { type CertifiedCapacity, FULL } from '../../../../harness/core/certificate/statements.ts';
import { verifyCertificate } from '../../../../harness/core/certificate/verify/verify.ts';
import { CAPACITY_EVENTS, readCapacityState } from '../../../../harness/modes/capacity/capacity-record.ts';
import { fileDigest, statementsIn } from '../../../../harness/modes/capacity/certificate-file.ts';
import { certify } from '../../../../harness/modes/capacity/certify.ts';
import { type Concluded, concludeRecord, signOffDocument } from '../../../../harness/modes/capacity/conclude.ts';
import { measure } from '../../../../harness/modes/capacity/measure.ts';
import { beginMeasurement, resumeMeasurement } from '../../../../harness/modes/capacity/open-record.ts';
import { ASKED, MeasuredSystem, plansOf } from '../../../helpers/doubles/measured-system.ts';
import { DIGESTS } from '../../../helpers/samples/certificate.ts';

const KEY = generateKeyPairSync('ed25519').privateKey;

/** Only the full condition is asked for. */
const ALONE: Partial<CapacityAsked> = {
  cells: [],
  productionLike: { by: 'Grace Hopper', because: 'the same machines' },
  targets: { ...ASKED.targets, needs: ASKED.targets.needs.slice(0, 1) },
};
const FULL_TARGETS = { ...ASKED.targets, needs: ASKED.targets.needs.slice(0, 1) };

interface Options {
  readonly asked?: Partial<CapacityAsked>;
  readonly key?: KeyObject | null;
  readonly resume?: boolean;
}

/** Measures a system, judges its record, and certifies what follows. */
async function measured(system: MeasuredSystem, { asked: over = {}, key = KEY, resume = false }: Options = {}) {
  const asked = { ...ASKED, ...over };
  const options = {
    asked,
    topology: { project: 'chaos' },
    named: 'june.yaml',
    digests: DIGESTS,
    key: key ?? undefined,
    clock: system.clock,
    redact: (text: string) => text.replaceAll('s3cret-token', '***'),
  };
  const folder = { run: 'the-run', dir: system.dir };
  using open = resume ? resumeMeasurement(system.dir, options) : beginMeasurement(folder, options);
  const { record, certificate } = open;
  // The first request comes later than the registration.
  await system.clock.advance(1_000);
  await system.clock.through(measure(asked, plansOf(asked), record, system.parts), 1_000);
  const concluded = concludeRecord(system.dir, record.state, system.judgeRun);
  const digests = (): Promise<typeof DIGESTS> => Promise.resolve(DIGESTS);
  const certified = await certify(system.dir, concluded, certificate, { digests, clock: system.clock });
  return {
    asked,
    concluded,
    certified,
    again: () => concludeRecord(system.dir, readCapacityState(system.dir), system.judgeRun),
  };
}

const of = ({ facts }: Concluded, condition: string): CertifiedCapacity | undefined =>
  facts.capacities.find((one) => one.condition === condition);

const verified = (system: MeasuredSystem, key = KEY) =>
  verifyCertificate({
    text: readFileSync(join(system.dir, 'capacity.intoto.jsonl'), 'utf8'),
    key: createPublicKey(key),
    now: system.clock.now(),
    evidence: (name) => fileDigest(join(system.dir, name)),
    deployed: undefined,
  });

const whyNot = ({ facts }: Concluded, what: string): string =>
  facts.notRun.find((one) => one.what === what)?.reason ?? '';

/** As JSON has it: the record knows no key without a value. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

let kept: Promise<Awaited<ReturnType<typeof measured>> & { readonly system: MeasuredSystem }> | undefined;
/** The measurement of a sound system, made once. */
const usual = () => {
  const measuring = async () => {
    const system = new MeasuredSystem();
    return { system, ...(await measured(system)) };
  };
  return (kept ??= measuring());
};

describe('a measurement of a capacity', function () {
  // A hang guard: the clock is manual.
  this.timeout(60_000);

  it('finds the knee, and what is left under each condition, each with its interval', async () => {
    const { system, concluded, certified } = await usual();
    for (const [condition, truth] of Object.entries(system.carries)) {
      const found = of(concluded, condition);
      expect(found?.low, condition).to.be.at.most(truth * 1.005);
      expect(found?.high, condition).to.be.at.least(truth * 0.995);
      expect(Math.abs((found?.ratePerS ?? 0) / truth - 1), condition).to.be.below(0.05);
      expect(found?.limit).to.equal('latency');
    }
    // Only ratios are signed where nobody says that the environment is like production.
    expect(concluded.verdict).to.equal('GO WITH CONDITIONS');
    expect(certified).to.include({ verdict: 'GO WITH CONDITIONS', signs: 'ratios' });
    const kept = certified?.margins.find(({ condition, of: what }) => condition === 'without app' && what === 'full');
    expect(kept?.low).to.be.below(0.7);
    expect(kept?.high).to.be.above(0.7);
    expect(verified(system).reasons).to.deep.equal([]);
  });

  it('has its targets on disk before the first request, and a certificate that rests on every step', async () => {
    const system = new MeasuredSystem();
    let registered = 0;
    const { offer } = system.parts;
    const watching = Object.assign(system, {
      parts: {
        ...system.parts,
        offer: (step: Parameters<typeof offer>[0]) => {
          registered ||= Buffer.byteLength(readFileSync(join(system.dir, 'capacity.intoto.jsonl')));
          return offer(step);
        },
      },
    });
    const { certified } = await measured(watching);
    expect(registered).to.be.above(500);
    const names = certified?.evidence.map(({ name }) => name) ?? [];
    expect(names).to.include('capacity.ndjson');
    expect(names.filter((name) => name.endsWith('requests.bin')).length).to.be.at.least(20);
    expect(names.filter((name) => /^runs\/.*\/events\.ndjson$/.test(name))).to.have.lengthOf(3);
    expect(statementsIn(system.dir)).to.include({ signed: true });
    rmSync(join(system.dir, names.find((name) => name.endsWith('requests.bin')) ?? ''));
    expect(verified(system).reasons.map(({ code }) => code)).to.deep.equal(['CHAOS_CERTIFICATE_EVIDENCE_MISSING']);
  });

  it('is a GO where a named person declares the environment to be like production', async () => {
    const system = new MeasuredSystem();
    const { certified } = await measured(system, { asked: ALONE });
    expect(certified).to.include({ verdict: 'GO', signs: 'rates' });
  });

  it('is written without a key too, and nobody who checks it believes it', async () => {
    const system = new MeasuredSystem();
    const { certified } = await measured(system, { key: null, asked: ALONE });
    expect(certified?.verdict).to.equal('GO');
    expect(statementsIn(system.dir).signed).to.equal(false);
    expect(new Set(verified(system).reasons.map(({ code }) => code))).to.deep.equal(
      new Set(['CHAOS_CERTIFICATE_UNSIGNED']),
    );
  });

  it('comes to the same figures when its record is judged again', async () => {
    const { concluded, again } = await usual();
    expect(plain(again())).to.deep.equal(plain(concluded));
  });

  it('shows nothing where the requests of a step are gone, or the steps are not those of the search', async () => {
    const system = new MeasuredSystem();
    const { again } = await measured(system);
    const path = join(system.dir, CAPACITY_EVENTS);
    const whole = readFileSync(path, 'utf8');
    const events = whole
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as CapacityEvent);
    const last = events.findLast((event) => event.kind === 'step' && event.condition === 'without app');
    if (last?.kind !== 'step') throw new Error('no step was recorded');
    writeFileSync(
      path,
      events.map((event) => `${JSON.stringify(event === last ? { ...last, ratePerS: 999 } : event)}\n`).join(''),
    );
    expect(of(again(), 'without app')).to.equal(undefined);
    expect(whyNot(again(), 'without app')).to.match(/the search asks for .*, and the record has 999\/s/);
    expect(again().verdict).to.equal('NO-GO');
    writeFileSync(path, whole);
    rmSync(join(system.dir, last.samples), { recursive: true });
    expect(whyNot(again(), 'without app')).to.match(/the requests of the step at .* are missing/);
    expect(again().verdict).to.equal('NO-GO');
  });

  it("never takes the generator's limit for the system's", async () => {
    const system = new MeasuredSystem();
    system.generatorPerS = 120;
    const { concluded } = await measured(system);
    expect(of(concluded, FULL)).to.include({ limit: 'generator', high: null });
    expect(of(concluded, FULL)?.low).to.be.below(126);
    expect(of(concluded, 'slow link')).to.include({ limit: 'latency' });
  });

  it('names processors as the limit that breaks first', async () => {
    const system = new MeasuredSystem();
    system.cpu = (ratePerS) => ratePerS / 160;
    const targets = { ...FULL_TARGETS, limits: { cpu: { app: 0.9 } } };
    const { concluded } = await measured(system, { asked: { ...ALONE, targets } });
    expect(of(concluded, FULL)).to.include({ limit: 'cpu' });
    expect(of(concluded, FULL)?.ratePerS).to.be.within(140, 158);
  });

  it('holds the wanted load for its whole length, and goes past the knee to show what is left of goodput', async () => {
    const system = new MeasuredSystem();
    const held = { condition: '100/s for 10m', ms: 600_000 };
    const needs = [...FULL_TARGETS.needs, { condition: held.condition, ratePerS: 100 }];
    const { concluded } = await measured(system, { asked: { ...ALONE, held, targets: { ...FULL_TARGETS, needs } } });
    expect(of(concluded, held.condition)).to.include({ ratePerS: 100, low: 100, high: null });
    const about = { dir: system.dir, strict: false, certificate: null, signed: false, notAfter: null, machine: {} };
    const { curve } = signOffDocument(concluded, about);
    const past = curve.filter((point) => point.for === 'curve');
    expect(past.map(({ offered_per_s: offered }) => Math.round(offered))).to.have.lengthOf(4);
    for (const { offered_per_s: offered, ok_per_s: ok, goodput_per_s: good } of past) {
      expect(offered).to.be.above(200);
      expect(ok).to.be.above(200);
      expect(good).to.equal(0);
    }
  });

  it('says that the wanted load was not held when the system carries less', async () => {
    const system = new MeasuredSystem();
    system.carries = { ...system.carries, [FULL]: 60, 'without app': 42 };
    const held = { condition: '100/s for 10m', ms: 600_000 };
    const needs = [...FULL_TARGETS.needs, { condition: held.condition, ratePerS: 100 }];
    const { concluded } = await measured(system, { asked: { ...ALONE, held, targets: { ...FULL_TARGETS, needs } } });
    expect(whyNot(concluded, held.condition)).to.match(/carries .*\/s at most/);
    expect(concluded.verdict).to.equal('NO-GO');
  });

  it("does not take the generator's limit for the reason why the wanted load was not held", async () => {
    const system = new MeasuredSystem();
    system.generatorPerS = 70;
    const held = { condition: '100/s for 10m', ms: 600_000 };
    const needs = [...FULL_TARGETS.needs, { condition: held.condition, ratePerS: 100 }];
    const { concluded } = await measured(system, { asked: { ...ALONE, held, targets: { ...FULL_TARGETS, needs } } });
    expect(of(concluded, FULL)).to.include({ limit: 'generator', high: null });
    expect(whyNot(concluded, held.condition)).to.match(/^the load generator offers no more than/);
    expect(concluded.verdict).to.equal('NO-GO');
  });

  it('begins a cell at the full capacity, and ends it in time', async () => {
    const { concluded } = await usual();
    const { steps } = concluded.state;
    const full = of(concluded, FULL)?.low ?? 0;
    for (const { condition } of ASKED.cells) {
      expect(steps.get(condition)?.[0]?.ratePerS, condition).to.be.closeTo(full, 1);
      expect(steps.get(condition)?.at(-1)?.atS, condition).to.be.below(360);
    }
  });

  it('shows nothing under a condition whose fault did not bite, or on a host that was too busy', async () => {
    const system = new MeasuredSystem();
    const fault = { name: 'kill', id: 'kill-1', target: 'x', injected: '', healed: '', evidence: 'it still answered' };
    system.documents = {
      'without app': { faults: [{ ...fault, effective: 'not effective' }] },
      'slow link': { invalid: [{ code: 'CHAOS_CPU_STOLEN', message: 'another guest took it' }] },
    };
    const { concluded, certified } = await measured(system);
    expect(concluded.facts.capacities.map(({ condition }) => condition)).to.deep.equal([FULL]);
    expect(whyNot(concluded, 'without app')).to.include('kill was not shown to bite: it still answered');
    expect(whyNot(concluded, 'slow link')).to.include('CHAOS_CPU_STOLEN');
    expect(certified?.verdict).to.equal('NO-GO');
  });

  it('certifies nothing when the search without any fault proves nothing', async () => {
    const system = new MeasuredSystem();
    system.documents = { [FULL]: { invalid: [{ code: 'CHAOS_CPU_STOLEN', message: 'another guest took it' }] } };
    const { concluded, certified } = await measured(system);
    expect(concluded.verdict).to.equal('INCONCLUSIVE');
    expect(concluded.reason).to.include('CHAOS_CPU_STOLEN');
    expect(certified).to.equal(undefined);
    // Nothing can be compared with it, so no cell is begun.
    expect(system.did).to.deep.equal([`run ${FULL}`]);
  });

  it('begins no cell for which no time is left, and says so', async () => {
    const system = new MeasuredSystem();
    const { concluded } = await measured(system, { asked: { mostMs: 1_000_000 } });
    expect(whyNot(concluded, 'slow link')).to.match(/it may take 8 min 00 s, and .* are left/);
    expect(system.did).to.deep.equal([`run ${FULL}`, ...(of(concluded, 'without app') ? ['run without app'] : [])]);
    expect(concluded.verdict).to.equal('NO-GO');
  });

  it('begins nothing after something that could not be put back', async () => {
    const system = new MeasuredSystem();
    system.documents = { 'without app': { verdict: 'NOT RESTORED', restored: false } };
    const { concluded, certified } = await measured(system);
    expect(system.did).to.deep.equal([`run ${FULL}`, 'run without app']);
    expect(whyNot(concluded, 'slow link')).to.include('could not be put back');
    expect(concluded.verdict).to.equal('NOT RESTORED');
    expect(certified).to.equal(undefined);
  });

  it('takes an experiment that did not pass for a NO-GO, unless a named person waives it', async () => {
    const asked = { ...ALONE, targets: { ...FULL_TARGETS, experiments: ['peak.yaml'] } };
    const system = new MeasuredSystem();
    system.documents = { 'peak.yaml': { verdict: 'FAIL' } };
    const { certified } = await measured(system, { asked });
    expect(certified?.experiments).to.deep.equal([{ experiment: 'peak.yaml', verdict: 'FAIL', run: 'runs/run-2' }]);
    expect(certified?.verdict).to.equal('NO-GO');
    const other = new MeasuredSystem();
    other.documents = system.documents;
    const waivers = [{ of: 'peak.yaml', by: 'Ada Lovelace', reason: 'the peak is in June' }];
    expect((await measured(other, { asked: { ...asked, waivers } })).certified?.verdict).to.equal('GO WITH CONDITIONS');
  });

  it('can be ended early and gone on with: what is done is not done again', async () => {
    const system = new MeasuredSystem();
    system.endsAfter = 35;
    const early = await measured(system);
    expect(early.concluded.verdict).to.equal('INTERRUPTED');
    expect(early.certified).to.equal(undefined);
    expect(of(early.concluded, FULL)).to.not.equal(undefined);
    const steps = system.rates.length;
    Object.assign(system, { interrupted: false, endsAfter: Infinity });
    const { concluded, certified, again } = await measured(system, { resume: true });
    expect(system.did.filter((did) => did === `run ${FULL}`)).to.have.lengthOf(1);
    expect(system.rates.length).to.be.above(steps);
    expect(concluded.facts.capacities).to.have.lengthOf(3);
    expect(certified?.verdict).to.equal('GO WITH CONDITIONS');
    expect(plain(again())).to.deep.equal(plain(concluded));
    expect(verified(system).reasons).to.deep.equal([]);
  });

  it('is not gone on with when something else is asked, or when it has its certificate', async () => {
    const system = new MeasuredSystem();
    system.endsAfter = 30;
    await measured(system);
    const changed = await measured(system, { resume: true, asked: { seed: 8 } }).catch((error: unknown) => error);
    expect(changed).to.have.property('code', 'CHAOS_CAPACITY_CHANGED');
    Object.assign(system, { interrupted: false, endsAfter: Infinity });
    await measured(system, { resume: true });
    const twice = await measured(system, { resume: true }).catch((error: unknown) => error);
    expect(twice).to.have.property('code', 'CHAOS_CERTIFICATE_TWICE');
  });

  it('is no measurement without its first event', () => {
    const empty = mkdtempSync(join(tmpdir(), 'chaos-capacity-'));
    expect(() => readCapacityState(empty))
      .to.throw()
      .with.property('code', 'CHAOS_NO_RUN');
    appendFileSync(join(empty, CAPACITY_EVENTS), '{"t":1,"kind":"capacity.ended"}\n');
    expect(() => readCapacityState(empty))
      .to.throw()
      .with.property('code', 'CHAOS_NO_RUN');
  });
});
