import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { PlannedStep } from '../../../harness/core/plan.ts';
import { faultsOf } from '../../../harness/core/steps.ts';
import { read, SOUND, told, written } from './read.ts';

/** The sound experiment with these lines as its faults, which begin in line 8. */
const withFaults = (...lines: readonly string[]): string =>
  SOUND.replace('  - kill: { service: redis }\n', lines.map((line) => `  ${line}\n`).join(''));

function stepsOf(...lines: readonly string[]): readonly PlannedStep[] {
  const { plan, problems } = read(written(withFaults(...lines)));
  expect(problems).to.deep.equal([]);
  return plan?.faults ?? [];
}

const mistakesOf = (...lines: readonly string[]): string[] =>
  read(written(withFaults(...lines))).problems.map((problem) => told(problem).replace('experiment.yaml:', ''));

describe('steps of an experiment', () => {
  it('waits, sequences and steps side by side are read, with ids by their order', () => {
    const steps = stepsOf(
      '- kill: { service: redis, for: 5s }',
      '- sequence:',
      '    - wait: { sql: { query: select 1, equals: 1 }, within: 10s, continue_on_failure: true }',
      '    - parallel:',
      '        - pause: { service: redis, at: 300ms, for: 2s, continue_on_failure: true }',
      '        - kill: { service: app, for: 1s }',
      '    - wait: { http: { path: /health }, within: 1s }',
    );
    expect(steps).to.deep.equal([
      { id: 'kill-1', fault: 'kill', params: { service: 'redis' }, at: 0, for: 5_000 },
      {
        sequence: [
          { id: 'wait-1', wait: { sql: { query: 'select 1', equals: '1' } }, within: 10_000, continueOnFailure: true },
          {
            parallel: [
              {
                id: 'pause-2',
                fault: 'pause',
                params: { service: 'redis' },
                at: 300,
                for: 2_000,
                continueOnFailure: true,
              },
              { id: 'kill-3', fault: 'kill', params: { service: 'app' }, at: 0, for: 1_000 },
            ],
          },
          { id: 'wait-2', wait: { http: { path: '/health', status: 200 } }, within: 1_000 },
        ],
      },
    ]);
  });

  it('each round of a repeat has faults of its own, named after it, in a repeat of repeats too', () => {
    const steps = stepsOf(
      '- repeat:',
      '    times: 2',
      '    every: 9s',
      '    steps:',
      '      - repeat: { times: 3, steps: [kill: { service: redis, for: 1s }] }',
      '      - pause: { service: redis, for: 1s }',
      '- kill: { service: app }',
    );
    expect(faultsOf(steps).map((f) => f.id)).to.deep.equal([
      'kill-1.1.1',
      'kill-1.1.2',
      'kill-1.1.3',
      'pause-2.1',
      'kill-1.2.1',
      'kill-1.2.2',
      'kill-1.2.3',
      'pause-2.2',
      'kill-3',
    ]);
  });

  for (const [what, lines, ...mistakes] of [
    ['a step of no known kind', ['- sequence:', '    - kil: { service: redis }'], '9:9 CHAOS_UNKNOWN_FAULT'],
    ['a sequence that is no list', ['- sequence: { kill: { service: redis } }'], '8:5 CHAOS_WRONG_TYPE'],
    ['an empty sequence', ['- sequence: []'], '8:15 CHAOS_WRONG_VALUE'],
    [
      'two mistakes far from each other in a sequence',
      ['- sequence:', '    - kill: { service: reddis }', '    - refuse: { link: app-to-reddis }'],
      '9:26 CHAOS_UNKNOWN_SERVICE',
      '10:25 CHAOS_UNKNOWN_LINK',
    ],
    ['a wait for nothing', ['- wait: { within: 5s }', '- kill: { service: redis }'], '8:5 CHAOS_WRONG_VALUE'],
    [
      'a wait for two things',
      ['- wait: { http: { path: / }, sql: { query: select 1 } }', '- kill: { service: redis }'],
      '8:5 CHAOS_WRONG_VALUE',
    ],
    [
      'another host',
      ['- wait: { http: { path: "http://example.org/" } }', '- kill: { service: redis }'],
      '8:27 CHAOS_WRONG_VALUE',
    ],
    [
      'a role of what has none',
      ['- wait: { role: { of: redis, becomes: primary }, within: 5s }', '- kill: { service: redis }'],
      '8:25 CHAOS_UNKNOWN_SERVICE',
    ],
    [
      'a command where there is no such container',
      [
        '- wait: { command: { service: ap, run: [x] }, within: 5s }',
        '- wait: { command: { service: app, replica: 9, run: [x] }, within: 5s }',
        '- kill: { service: redis }',
      ],
      '8:33 CHAOS_UNKNOWN_SERVICE',
      '9:47 CHAOS_NO_REPLICA',
    ],
    [
      'a deadline without its unit',
      ['- wait: { http: { path: / }, within: 5 }', '- kill: { service: redis }'],
      '8:40 CHAOS_WRONG_UNIT',
    ],
    [
      'a wait that may outlast the phase',
      ['- wait: { http: { path: / }, within: 31s }', '- kill: { service: redis }'],
      '8:40 CHAOS_FAULT_TOO_LONG',
    ],
    [
      'a sequence that may outlast the phase, at the first step that does not fit',
      [
        '- sequence:',
        '    - wait: { http: { path: / }, within: 25s }',
        '    - kill: { service: redis, at: 2s, for: 4s }',
        '    - pause: { service: redis, at: 2s, for: 4s }',
      ],
      '10:46 CHAOS_FAULT_TOO_LONG',
    ],
    [
      'a fault that could only begin when the phase is over',
      ['- sequence:', '    - wait: { http: { path: / } }', '    - kill: { service: redis }'],
      '10:9 CHAOS_FAULT_TOO_LONG',
    ],
    ['no fault at all', ['- wait: { http: { path: / }, within: 5s }'], '8:3 CHAOS_WRONG_VALUE'],
    [
      'a repeated fault without an end',
      ['- repeat: { times: 2, every: 5s, steps: [kill: { service: redis }] }'],
      '8:44 CHAOS_MISSING_KEY',
    ],
    [
      'rounds that are longer than the time between them',
      ['- repeat: { times: 2, every: 5s, steps: [kill: { service: redis, for: 6s }] }'],
      '8:32 CHAOS_FAULT_TOO_LONG',
    ],
    [
      'more rounds than can be proven',
      ['- repeat: { times: 50, steps: [repeat: { times: 3, steps: [kill: { service: redis, for: 1ms }] }] }'],
      '8:51 CHAOS_WRONG_VALUE',
    ],
    [
      'a repeat of once',
      ['- repeat: { times: 1, steps: [kill: { service: redis, for: 1s }] }'],
      '8:22 CHAOS_WRONG_VALUE',
    ],
  ] as readonly (readonly [what: string, lines: readonly string[], ...mistakes: readonly string[]])[]) {
    it(`${what} is refused, with its place`, () => {
      expect(mistakesOf(...lines)).to.deep.equal(mistakes);
    });
  }

  it('what does not fit is told in its words', () => {
    const lines = [
      '- sequence:',
      '    - wait: { http: { path: / }, within: 25s }',
      '    - kill: { service: redis, for: 6s }',
    ];
    expect(read(written(withFaults(...lines))).problems[0]).to.include({
      message: 'the fault may end 31.0 s after its phase began, and the fault phase lasts 30.0 s',
      hint: 'Shorten "for" or a deadline before it, or lengthen phases.fault.',
    });
  });
});
