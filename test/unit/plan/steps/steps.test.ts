import { expect } from 'chai';
import { describe, it } from 'mocha';
import { faultsOf } from '../../../../harness/core/plan/steps.ts';
import { mistakesOf, read, stepsOf, withFaults, written } from '../read.ts';

describe('the steps of an experiment', () => {
  it('may be waits, sequences and parallel steps, and get ids in their order', () => {
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

  it('have faults of their own in each round of a repeat, named after the round, also in nested repeats', () => {
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

  it('may be marks: a line of text, with an id of its own in each round of a repeat', () => {
    const steps = stepsOf(
      '- mark: deploy of version 7 begins',
      '- repeat: { times: 2, steps: [mark: "round: begins", kill: { service: redis, for: 1s }] }',
    );
    expect(steps[0]).to.deep.equal({ id: 'mark-1', mark: 'deploy of version 7 begins' });
    const { rounds } = steps[1] as { rounds: readonly { sequence: readonly object[] }[] };
    expect(rounds.map(({ sequence }) => sequence[0])).to.deep.equal([
      { id: 'mark-2.1', mark: 'round: begins' },
      { id: 'mark-2.2', mark: 'round: begins' },
    ]);
    expect(faultsOf(steps).map((f) => f.id)).to.deep.equal(['kill-1.1', 'kill-1.2']);
  });

  for (const [what, lines, ...mistakes] of [
    ['a step of an unknown kind', ['- sequence:', '    - kil: { service: redis }'], '9:9 CHAOS_UNKNOWN_FAULT'],
    ['a sequence that is no list', ['- sequence: { kill: { service: redis } }'], '8:5 CHAOS_WRONG_TYPE'],
    ['an empty sequence', ['- sequence: []'], '8:15 CHAOS_WRONG_VALUE'],
    [
      'two mistakes far from each other in a sequence',
      ['- sequence:', '    - kill: { service: reddis }', '    - refuse: { link: app-to-reddis }'],
      '9:26 CHAOS_UNKNOWN_SERVICE',
      '10:25 CHAOS_UNKNOWN_LINK',
    ],
    ['a wait without a condition', ['- wait: { within: 5s }', '- kill: { service: redis }'], '8:5 CHAOS_WRONG_VALUE'],
    [
      'a wait with two conditions',
      ['- wait: { http: { path: / }, sql: { query: select 1 } }', '- kill: { service: redis }'],
      '8:5 CHAOS_WRONG_VALUE',
    ],
    [
      'a wait for another host',
      ['- wait: { http: { path: "http://example.org/" } }', '- kill: { service: redis }'],
      '8:27 CHAOS_WRONG_VALUE',
    ],
    [
      'a wait for the role of a service that has no roles',
      ['- wait: { role: { service: redis, becomes: primary }, within: 5s }', '- kill: { service: redis }'],
      '8:30 CHAOS_UNKNOWN_SERVICE',
    ],
    [
      'a command in a container that does not exist',
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
    ['a mark that is no text', ['- mark: { text: x }', '- kill: { service: redis }'], '8:5 CHAOS_WRONG_TYPE'],
    ['a mark without a text', ['- mark: "  "', '- kill: { service: redis }'], '8:11 CHAOS_WRONG_VALUE'],
    ['a mark of two lines', ['- mark: "a\\nb"', '- kill: { service: redis }'], '8:11 CHAOS_WRONG_VALUE'],
    [
      'a mark that may come after the phase',
      ['- kill: { service: redis }', '- sequence:', '    - wait: { http: { path: / } }', '    - mark: too late'],
      '11:15 CHAOS_FAULT_TOO_LONG',
    ],
    ['marks and no fault', ['- mark: x'], '8:3 CHAOS_WRONG_VALUE'],
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
      'a fault in a container that is killed then',
      ['- kill: { service: redis, at: 2s, for: 9s }', '- cpu_limit: { service: redis, cpus: 0.1, at: 4s }'],
      '9:5 CHAOS_FAULTS_CLASH',
    ],
    [
      'faults in a container that is removed at the same moment, and in one of all its replicas',
      [
        '- remove: { service: redis, for: 9s }',
        '- kill: { service: redis, for: 1s }',
        '- pause: { service: app, for: 9s }',
        '- cpu_burn: { service: app, replica: 2, at: 8999ms }',
      ],
      '9:5 CHAOS_FAULTS_CLASH',
      '11:5 CHAOS_FAULTS_CLASH',
    ],
    [
      'a fault in a container that is paused, after a wait that both have before them',
      [
        '- sequence:',
        '    - wait: { http: { path: / }, within: 9s }',
        '    - parallel:',
        '        - pause: { service: redis, for: 5s }',
        '        - cpu_burn: { service: redis, at: 1s }',
      ],
      '12:13 CHAOS_FAULTS_CLASH',
    ],
    [
      'a repeat with a single round',
      ['- repeat: { times: 1, steps: [kill: { service: redis, for: 1s }] }'],
      '8:22 CHAOS_WRONG_VALUE',
    ],
  ] as readonly (readonly [what: string, lines: readonly string[], ...mistakes: readonly string[]])[]) {
    it(`are refused with the place of the mistake: ${what}`, () => {
      expect(mistakesOf(...lines)).to.deep.equal(mistakes);
    });
  }

  it('are refused with the lines of both faults when one keeps the other out', () => {
    const lines = ['- stop: { service: redis }', '- cpu_burn: { service: redis, at: 3s }'];
    const [problem] = read(written(withFaults(...lines))).problems;
    expect(problem).to.include({
      line: 9,
      message: '"cpu_burn" begins in broken-redis-1, which does not run then because of "stop" (experiment.yaml:8)',
    });
  });

  it('may meet where the youngest is in force, after each other, or where only the run knows the moment or container', () => {
    stepsOf('- kill: { service: redis, for: 9s }', '- pause: { service: redis, at: 2s }');
    stepsOf('- kill: { service: redis, for: 5s }', '- cpu_burn: { service: redis, at: 5s }');
    stepsOf('- cpu_burn: { service: redis }', '- kill: { service: redis, at: 5s }');
    stepsOf('- kill: { service: app, replica: 1 }', '- cpu_burn: { service: app, count: 1, at: 1s }');
    stepsOf('- kill: { service: postgres, role: primary }', '- cpu_burn: { service: postgres, role: primary, at: 1s }');
    stepsOf(
      '- sequence: [wait: { http: { path: / }, within: 9s }, kill: { service: redis, for: 5s }]',
      '- cpu_burn: { service: redis, at: 3s }',
    );
    stepsOf(
      '- sequence:',
      '    - wait: { http: { path: / }, within: 9s }',
      '    - kill: { service: redis, for: 5s }',
      '    - cpu_burn: { service: redis, for: 5s }',
    );
  });

  it('are refused with their own times and keys in message and hint when they last too long', () => {
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
