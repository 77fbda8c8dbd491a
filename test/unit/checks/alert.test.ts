import { expect } from 'chai';
import { describe, it } from 'mocha';
import alert from '../../../harness/checks/alert.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { sampleHistory, sampleRows, spanOf } from '../../helpers/samples/history.ts';
import { delivered, FAULTED, kept, sampleRule, type Watched, watched } from '../../helpers/samples/watched.ts';

const HEALED = spanOf('heal').started + 1_000 - spanOf('fault').started;

/** Returns the results of a hypothesis about a run with these alerts. */
function results(text: object, more: readonly RunEvent[], watch: Watched = {}, rows = sampleRows()) {
  const params = alert.params.parse({ name: 'HighErrorRatio', ...text });
  return alert.evaluate(sampleHistory({ events: [...FAULTED, ...watched(watch, more.length), ...more], rows }), params);
}
const verdicts = (...args: Parameters<typeof results>): string[] =>
  results(...args).map(({ name, verdict, observed }) => `${name.split(' ').at(-1)} ${verdict}: ${observed}`);

const FIRES = { fires_within: '10s' };
const SOUND = kept({ pending: 3_300, firing: 8_300, resolved: HEALED + 8_100 });

describe('an alert that must ring', () => {
  it('passes with its times from the fault and from the healing', () => {
    const found = results({ ...FIRES, delivered_within: '10s', resolves_within: '10s' }, [SOUND, delivered(9_200)]);
    const seen = 'pending +3.3 s, firing +8.3 s, delivered +9.2 s, resolved +8.1 s after the healing';
    expect(found.map(({ name, verdict, observed, during }) => [name, verdict, observed, during[0]])).to.deep.equal([
      ['alert HighErrorRatio fires', 'PASS', seen, 'fault'],
      ['alert HighErrorRatio is delivered', 'PASS', seen, 'fault'],
      ['alert HighErrorRatio resolves', 'PASS', seen, 'recovery'],
    ]);
    expect(found.map(({ figure }) => figure?.value)).to.deep.equal([8_300, 9_200, 8_100]);
    expect(found.map(({ samples }) => samples)).to.deep.equal([79, 79, 79]);
  });

  it('fails when it comes late, never, or resolves late', () => {
    const late = { fires_within: '8s', delivered_within: '9s', resolves_within: '8s' };
    expect(results(late, [SOUND, delivered(9_200)]).map(({ verdict }) => verdict)).to.deep.equal([
      'FAIL',
      'FAIL',
      'FAIL',
    ]);
    expect(verdicts(FIRES, [])).to.deep.equal(['fires FAIL: it stayed inactive']);
    expect(verdicts(FIRES, [kept({ pending: 3_000, resolved: 6_000 })])[0]).to.include(
      'fires FAIL: pending +3.0 s, never firing, resolved 25.0 s before the healing',
    );
    expect(verdicts({ delivered_within: '10s' }, [SOUND])[0])
      .to.include('delivered FAIL')
      .and.include('never delivered');
    expect(verdicts({ resolves_within: '10s' }, [kept({ firing: 3_000 })])[0]).to.include('resolves FAIL');
  });

  it('does not resolve when it rings again after it had resolved', () => {
    const again = kept({ firing: spanOf('recovery').started + 15_000 - spanOf('fault').started });
    const spans = [SOUND, again].flatMap((event) => (event.kind === 'alert.kept' ? event.spans : []));
    expect(verdicts({ resolves_within: '10s' }, [{ ...SOUND, spans } as RunEvent])[0])
      .to.include('resolves FAIL')
      .and.include('not resolved');
  });

  it('is judged by all of its series: by which rang first, and which was over last', () => {
    const other = { labels: { severity: 'page', job: 'b' } };
    const still = [kept({ firing: 6_000 }), kept({ firing: 12_000, resolved: HEALED + 3_000 }, other)];
    expect(verdicts({ resolves_within: '10s' }, still)[0], 'one still fires').to.include('resolves FAIL');
    const slow = [kept({ pending: 3_000, firing: 12_000 }), kept({ pending: 4_000, firing: 6_000 }, other)];
    expect(verdicts(FIRES, slow)[0], 'the series that became active later fired first')
      .to.include('fires PASS')
      .and.include('firing +6.0 s');
    const vain = [kept({ pending: 3_000, resolved: 5_000 }), kept({ pending: 4_000, firing: 6_000 }, other)];
    expect(verdicts(FIRES, vain)[0]).to.include('fires PASS').and.not.include('never firing');
  });

  it('says nothing when it was active before the fault, also when it was only pending', () => {
    expect(verdicts(FIRES, [kept({ firing: -12_000, resolved: HEALED })])).to.deep.equal([
      'fires INCONCLUSIVE: it fired already 12.0 s before the fault, so it says nothing about the fault',
    ]);
    expect(verdicts(FIRES, [kept({ pending: -2_000, firing: 3_000 })])[0]).to.include(
      'it was pending already 2.0 s before',
    );
    const early = kept({ firing: -15_000, resolved: -10_000 }, { labels: { severity: 'page', job: 'a' } });
    expect(verdicts(FIRES, [early, SOUND])[0]).to.include('INCONCLUSIVE');
  });

  it('says nothing without enough history, unless a short history is accepted; then it says so', () => {
    const young = { rules: [sampleRule({ looks_back_ms: 3_600_000, oldest: spanOf('warmup').started - 39_000 })] };
    const short = 'the rule looks 1 h back, and its data was 1 min 04 s old when the fault began';
    expect(verdicts(FIRES, [SOUND], young)).to.deep.equal([
      `fires INCONCLUSIVE: ${short}: it rings sooner than it would`,
    ]);
    const accepted = verdicts({ ...FIRES, history: 'short' }, [SOUND], young)[0];
    expect(accepted).to.include('fires PASS').and.include(`SHORT HISTORY: ${short}`);
    const none = { rules: [sampleRule({ oldest: null, looks_back_ms: 60_000 })] };
    expect(verdicts(FIRES, [SOUND], none)[0])
      .to.include('INCONCLUSIVE')
      .and.include('its data was 25.0 s old');
    expect(verdicts(FIRES, [SOUND], { rules: [sampleRule({ oldest: null, looks_back_ms: 0 })] })[0]).to.include('PASS');
  });

  it('says when a part of the history was made up, and judges all the same', () => {
    const old = { looks_back_ms: 3_600_000, oldest: spanOf('warmup').started - 3_600_000 };
    const made = { rules: [sampleRule({ ...old, backfilled: true })] };
    expect(verdicts(FIRES, [SOUND], made)[0])
      .to.include('fires PASS')
      .and.include('HISTORY BACKFILLED: the rule looks 1 h back, and what is older than Prometheus itself was made up');
    expect(verdicts(FIRES, [SOUND], { rules: [sampleRule(old)] })[0]).to.not.include('BACKFILLED');
  });

  it('says when a burn-rate rule fires with full history, from the share of failed requests', () => {
    const rows = sampleRows({ phase: 'fault', count: 900 }, { phase: 'fault', count: 100, outcome: 'http_error' });
    const burns = [
      [
        { above: 14.4 * 0.001, ms: 3_600_000 },
        { above: 14.4 * 0.001, ms: 300_000 },
      ],
    ];
    const rule = sampleRule({ looks_back_ms: 3_600_000, for_ms: 0, burns });
    expect(verdicts({ ...FIRES, history: 'short' }, [SOUND], { rules: [rule] }, rows)[0]).to.include(
      'with full history and 10.0 % errors it fires after 8 min 38 s',
    );
  });

  it('says nothing when Prometheus did not watch, and the alert was not seen in time', () => {
    const blind = { blind: [[2_000, 15_000]] as const };
    expect(verdicts(FIRES, [], blind)).to.deep.equal([
      'fires INCONCLUSIVE: nobody knows for 8.0 s, from +2.0 s: no answer',
    ]);
    expect(verdicts(FIRES, [kept({ firing: 16_000 })], blind)[0]).to.include('INCONCLUSIVE');
    expect(verdicts(FIRES, [kept({ firing: 1_500 })], blind)[0]).to.include('PASS');
    const healing = { blind: [[HEALED, HEALED + 8_000]] as const };
    expect(verdicts({ resolves_within: '10s' }, [SOUND], healing)[0]).to.include('INCONCLUSIVE');
  });

  it('says nothing when the evidence is missing: rules, the end of the watch, the pager, the fault', () => {
    const without = (kind: RunEvent['kind']) => {
      const events = [...FAULTED, ...watched({}, 1), SOUND].filter((event) => event.kind !== kind);
      const [one] = alert.evaluate(
        sampleHistory({ events }),
        alert.params.parse({ name: 'HighErrorRatio', fires_within: '1s' }),
      );
      return `${one?.verdict}: ${one?.observed}`;
    };
    expect(without('alert.rules')).to.equal('INCONCLUSIVE: the record does not say which rules Prometheus had');
    expect(without('alert.watched')).to.include('INCONCLUSIVE: the record does not say how the watch');
    expect(without('fault.injecting')).to.equal('INCONCLUSIVE: no fault was injected');
    expect(without('alert.kept')).to.equal('INCONCLUSIVE: 0 of 1 events about alerts are in the record');
    expect(verdicts({ delivered_within: '10s' }, [SOUND], { end: { pager: null } })[0]).to.include('INCONCLUSIVE');
    expect(
      verdicts({ delivered_within: '10s' }, [SOUND], { end: { pager: { looks: 79, answered: 60 } } })[0],
    ).to.include('the pager answered 60 of 79 times');
    expect(verdicts(FIRES, [SOUND], { atEnd: { ok: false } })[0]).to.include(
      'the evaluation of the rule HighErrorRatio failed',
    );
    expect(verdicts({ ...FIRES, name: 'Other' }, [SOUND])[0]).to.include('Prometheus had no rule for Other');
  });

  it('takes what was seen live when Prometheus kept nothing', () => {
    const state = (state: 'inactive' | 'pending' | 'firing', ms: number): RunEvent => {
      const at = spanOf('fault').started + ms;
      return { kind: 'alert.state', t: at, name: 'HighErrorRatio', labels: {}, state, at, value: null };
    };
    const live = [state('pending', 3_000), state('firing', 8_000), state('inactive', HEALED + 2_000)];
    expect(verdicts(FIRES, live)[0]).to.equal(
      'fires PASS: pending +3.0 s, firing +8.0 s, resolved +2.0 s after the healing (times to about a second)',
    );
  });
});

describe('an alert that must never ring', () => {
  const never = (more: readonly RunEvent[], watch: Watched = {}, text: object = {}) =>
    verdicts({ never: true, ...text }, more, watch)[0] ?? '';

  it('passes only when it could have rung', () => {
    expect(never([])).to.equal('fires PASS: did not fire; 1 rule evaluated in 1 min 14 s');
    expect(never([], { atEnd: { fed: false } }))
      .to.include('INCONCLUSIVE')
      .and.include('so it could not fire');
    expect(never([], { atEnd: { ok: false } })).to.include('INCONCLUSIVE: the evaluation failed');
    expect(never([], { end: { rules: [] } })).to.include('INCONCLUSIVE: nothing shows a rule');
    expect(never([], { blind: [[1_000, 9_000]] })).to.include('INCONCLUSIVE: nobody knows for 8.0 s');
    expect(never([], { blind: [[1_000, 4_000]] })).to.include('PASS');
  });

  it('fails when it fired, before or after the fault; pending is no page', () => {
    expect(never([kept({ firing: -5_000, resolved: -1_000 })])).to.equal(
      'fires FAIL: fired 1×, first 15.0 s into the baseline phase',
    );
    expect(never([SOUND])).to.include('FAIL');
    expect(never([kept({ pending: 1_000, resolved: 4_000 })])).to.include('PASS');
  });

  it('may be every alert with some labels', () => {
    const rules = [
      sampleRule(),
      sampleRule({ name: 'Down' }),
      sampleRule({ name: 'Slow', labels: { severity: 'ticket' } }),
    ];
    const page = { name: undefined, labels: { severity: 'page' } };
    expect(never([], { rules }, page)).to.include('PASS: did not fire; 2 rules evaluated');
    expect(
      never([kept({ firing: 1_000 }, { name: 'Slow', labels: { severity: 'ticket' } })], { rules }, page),
    ).to.include('PASS');
    expect(never([kept({ firing: 1_000 }, { name: 'Down' })], { rules }, page)).to.include('FAIL: fired 1× (Down)');
  });
});

describe('the parameters of the check alert', () => {
  const wrong = (params: object): string | undefined => alert.params.safeParse(params).error?.issues[0]?.message;

  it('are a name with times, or never', () => {
    expect(wrong({ name: 'A', fires_within: '1s', resolves_within: '2s' })).to.equal(undefined);
    expect(wrong({ labels: { severity: 'page' }, never: true })).to.equal(undefined);
    expect(wrong({ name: 'A' })).to.include('write fires_within: 60s');
    expect(wrong({ name: 'A', never: true, fires_within: '1s' })).to.include('write never alone');
    expect(wrong({ labels: { severity: 'page' }, fires_within: '1s' })).to.include('write the name of the alert');
    expect(wrong({ never: true })).to.include('write the name of the alert, or labels');
  });

  it('need the pager only for the delivery', () => {
    const requires = (params: object) => alert.requires?.(alert.params.parse(params));
    expect(requires({ name: 'A', fires_within: '1s' })).to.deep.equal(['prometheus']);
    expect(requires({ name: 'A', delivered_within: '1s' })).to.deep.equal(['prometheus', 'alerts']);
  });
});
